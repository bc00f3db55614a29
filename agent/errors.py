"""Every error raised on purpose: one class for each reaction."""


class AgentError(Exception):
    """Base of all errors raised on purpose."""


class ConfigError(AgentError):
    """A setting is wrong: say which and why, and exit 2 before anything starts."""

    def __init__(self, key: str, value: object, reason: str) -> None:
        super().__init__(f"setting {key} = {value!r}: {reason}")


class DecodeError(AgentError):
    """A payload is not what its sensor promised: it is quarantined, the next one is read."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")


class DeliveryError(AgentError):
    """A sentence did not leave the device: it is recorded as dropped."""


class ModelError(AgentError):
    """A local model failed or is absent: the template is said instead."""


class SkillError(AgentError):
    """A skill raised: its fault is journaled and the other skills are asked."""

    def __init__(self, skill: str, reason: str) -> None:
        super().__init__(f"{skill}: {reason}")
        self.skill = skill
        self.reason = reason


class StoreError(AgentError):
    """The file refused a key or a transaction: nothing was written, the old state stands."""


class DamageError(StoreError):
    """The file cannot be read with its key: the last backup takes its place."""


class LockError(AgentError):
    """Another daemon holds the lock: this one does not start."""


class ControlError(AgentError):
    """The daemon's socket did not answer, or refused a command."""
