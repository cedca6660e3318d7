"""The figures that plot.py draws of a simulation, by what they show."""
