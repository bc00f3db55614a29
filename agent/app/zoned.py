"""The child that knows time zones: `python -m agent.app.zoned LATITUDE LONGITUDE` prints the one.

The map of all zones takes 34 MB of memory, and is asked a few times a year.
"""

import sys

from tzfpy import get_tz


def main(latitude_deg: str, longitude_deg: str) -> int:
    """Print the zone of a place; return the exit code."""
    sys.stdout.write(f"{get_tz(float(longitude_deg), float(latitude_deg))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
