"""The same charts made in other ways, to compare with."""
