"""What the wearer may set about hearing and speaking."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.voice.ears.settings import Settings as EarsSettings
from agent.voice.wyoming import Address


class Settings(BaseModel):
    """Which speech model is used, what it may cost, and how answers sound."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(
        default="default",
        description="The speech model: `default`, `many` (languages), `none`, a folder of "
        "CTranslate2's Whisper, `pocketsphinx` (commands only, for a small device), or the address "
        "of a Wyoming transcriber (`unix:///PATH`, `tcp://127.0.0.1:PORT`).",
    )
    language: str = Field(
        default="",
        pattern=r"^([a-z]{2,3})?$",
        description="The language that is spoken, as in ISO 639 (`de`); empty: the model decides.",
    )
    beam: int = Field(
        default=5, ge=1, le=10, description="How wide Whisper searches for what a command says."
    )
    threads: int = Field(default=2, ge=1, le=16, description="Threads of the speech model.")
    memory_max_mb: int = Field(
        default=1024,
        ge=256,
        le=65_536,
        description="Memory in MB that the speech worker may write to.",
    )
    call_max_s: float = Field(
        default=120, ge=1, le=3600, description="Seconds that hearing one recording may take."
    )
    idle_min: float = Field(
        default=5,
        ge=0.1,
        le=1440,
        description="Minutes without a recording after which the speech model is unloaded.",
    )
    file_max_mb: int = Field(
        default=200, ge=1, le=2000, description="The largest sound file, in MB, that is opened."
    )
    audio_max_s: float = Field(
        default=900, ge=1, le=7200, description="The longest recording, in seconds."
    )
    voice: str = Field(
        default="en",
        pattern=r"^[A-Za-z0-9+_-]{1,32}$",
        description="The voice of espeak-ng, as `espeak-ng --voices` names it.",
    )
    speed_wpm: int = Field(
        default=165, ge=80, le=450, description="How fast answers are spoken, in words a minute."
    )
    piper: str = Field(
        default="none",
        description="A Piper voice instead: `default`, `none`, or an .onnx file with its .json.",
    )
    speak: Literal["all", "answers", "none"] = Field(
        default="all",
        description="What is said aloud while a microphone is listened to: answers and nudges, "
        "answers to spoken questions, or nothing.",
    )
    volume: float = Field(default=1.0, ge=0.05, le=1, description="How loud, as an amplitude.")
    quiet_volume: float = Field(default=0.3, ge=0.05, le=1, description="The same in quiet hours.")
    silent_at: tuple[str, ...] = Field(
        default=(),
        max_length=50,
        description="Places, by name or kind, where nothing is said aloud: a touch and the screen.",
    )
    loudspeaker: str = Field(
        default="",
        max_length=128,
        pattern=r"^[A-Za-z0-9_.,:=-]*$",
        description="The device that speaks, as PulseAudio or ALSA names it; empty: the usual one.",
    )
    barge_in: Literal["speech", "wake", "off"] = Field(
        default="wake",
        description="What stops carpal while it speaks: any speech (with a headset), the wake "
        "phrase, or nothing.",
    )
    follow_s: float = Field(
        default=5,
        ge=1,
        le=30,
        description="Seconds to answer a question of carpal's without the wake phrase.",
    )
    ears: EarsSettings = EarsSettings()
    ambient: bool = Field(
        default=False,
        description="Keep how loud it is and how much is speech and noise, each minute; no sound.",
    )
    full_scale_db: float = Field(
        default=120,
        ge=60,
        le=160,
        description="The sound level that drives the microphone to its limit, in dB: a phone's or "
        "a watch's is 110 to 125; compare with a meter.",
    )
    wyoming: Address | None = Field(
        default=None,
        description="Serve the Wyoming protocol there: `unix:///PATH` or `tcp://127.0.0.1:PORT`.",
    )
