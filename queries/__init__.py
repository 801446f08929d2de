"""The only code that speaks to databases: from filters to tidy frames."""

import pandas as pd

# Frames here have hundreds of rows and are read cell by cell, for which Arrow's text is slow; the dashboard runs without Arrow, the tests have it.
pd.set_option("mode.string_storage", "python")
