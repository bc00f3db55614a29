"""The doctor's checks of one fact each, on real files."""

import os
from datetime import timedelta
from pathlib import Path

from agent import key
from agent.app.checks import MODEL_BYTES_MIN, backup_check, key_check, model_fault, told_checks
from agent.app.settings import Settings
from tests.days import KEY, SHOP, at


def test_a_speech_model_is_a_folder_with_its_weights(tmp_path: Path) -> None:
    assert "no folder with a model.bin" in model_fault("speech", tmp_path)
    (tmp_path / "model.bin").write_bytes(b"12")
    assert "too small" in model_fault("speech", tmp_path)
    (tmp_path / "model.bin").write_bytes(bytes(MODEL_BYTES_MIN))
    assert model_fault("speech", tmp_path) == ""


def test_a_key_is_told_as_clear_wrapped_exposed_or_gone(tmp_path: Path) -> None:
    path = tmp_path / "carpal.key"
    assert "restore it" in key_check(path).detail
    key.write(path, KEY, passphrase=None)
    assert (key_check(path).ok, "in the clear" in key_check(path).detail) == (True, True)
    path.chmod(0o644)
    assert (key_check(path).ok, "chmod 600" in key_check(path).detail) == (False, True)
    key.write(path, KEY, passphrase="a long one")  # noqa: S106  # of this test alone
    assert (key_check(path).ok, "wrapped" in key_check(path).detail) == (True, True)


def test_a_backup_that_is_absent_or_old_is_told(tmp_path: Path) -> None:
    path, now = tmp_path / "backup.db", at(0)
    assert "none yet" in backup_check(path, now=now).detail
    path.touch()
    for days, ok in ((1, True), (5, False)):
        then = (now - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))
        assert backup_check(path, now=now).ok is ok


def test_without_location_a_grocery_that_is_set_is_a_fault() -> None:
    settings = Settings.model_validate({"places": [SHOP.model_dump()]})
    found = {check.name: check for check in told_checks({}, settings, now=at(0))}
    assert found["places"].ok is False
    assert "no grocery nudge" in found["places"].detail
    assert "no heart rate" in found["stress"].detail
