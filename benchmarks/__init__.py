"""Speed of the engine beside its peers, on one machine in one run: ``python3 do.py bench``."""
