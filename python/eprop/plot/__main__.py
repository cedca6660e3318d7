from .command import main

main("python3 -m eprop.plot")
