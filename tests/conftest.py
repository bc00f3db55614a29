"""What several tests stand on."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test is about time: the machine may have other work.
settings.register_profile(
    "carpal", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("carpal")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Return the folder of the reference recordings; skip where it is absent."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("CARPAL_REFERENCE_DATA") or beside)
    if not folder.is_dir():
        pytest.skip(f"no reference recordings in {folder}")
    return folder
