"""The figures that plot.py draws of a training run, by what they show."""
