"""What the wearer may set about listening."""

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Where sound comes from, what wakes carpal, and when a sentence is over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(
        default="none",
        min_length=1,
        max_length=4096,
        description=(
            "`none`, `microphone`, the name of a sound device, `mqtt` (what is sent to us), "
            "`-` (standard input), or a sound file."
        ),
    )
    wake: str = Field(
        default="okay nabu",
        min_length=1,
        max_length=4096,
        description=(
            "The phrase: `okay nabu`, `hey jarvis`, `hey mycroft`, `alexa`, `hey carpal`, `none` "
            "(a button only), or a file (.json of microWakeWord, .npz of `carpal voice phrase`)."
        ),
    )
    threshold: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="How sure the wake phrase must be; absent: as its model was made.",
    )
    listen_s: float = Field(
        default=6,
        ge=1,
        le=60,
        description="Seconds after the wake phrase in which a sentence must begin.",
    )
    end_silence_s: float = Field(
        default=0.55, ge=0.2, le=5, description="Seconds of silence that end a sentence."
    )
    speech_max_s: float = Field(
        default=20, ge=1, le=60, description="The longest sentence, in seconds."
    )
    preroll_s: float = Field(
        default=0.5, ge=0.1, le=1.5, description="Seconds kept from before a sentence."
    )
    partial_s: float = Field(
        default=0.8,
        ge=0,
        le=10,
        description="Seconds between two looks at an unfinished sentence; 0: none.",
    )
    voiced_min: float = Field(
        default=0.5, gt=0, lt=1, description="How sure it must be that a sound is a voice."
    )
    barge_in_db: float = Field(
        default=9,
        ge=0,
        le=40,
        description="How much louder than our own voice one must be to interrupt it, in dB.",
    )
    loudness_s: float = Field(
        default=1, ge=0, le=60, description="Seconds between two levels; 0: none is measured."
    )
    continuous: bool = Field(
        default=False, description="Whether every sentence is heard, without a wake phrase."
    )
    real_time: bool = Field(
        default=False, description="Whether a file is heard as slowly as it was recorded."
    )
