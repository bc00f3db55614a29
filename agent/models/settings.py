"""What the wearer may set about the models."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from agent.models.worker import Limits

WORDS_TOKENS = 512
"""Eight facts, a question and a sentence are less than half of it."""


class Settings(BaseModel):
    """Which models are used, and what they may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: str = Field(
        default="default",
        pattern="^(default|none)$",
        description="The small model that words answers and nudges: `default` or `none`.",
    )
    chat: str = Field(
        default="none",
        description="A larger chat model of yours for open questions: the path of a GGUF file, "
        "`none`, or `default` for the small one as it was packaged.",
    )
    embedding: str = Field(
        default="default",
        description="The sentence embedding: `default`, `none`, or the path of a GGUF file.",
    )
    adapter: str = Field(
        default="",
        description="The path of a LoRA adapter (GGUF) that was trained on the chat model.",
    )
    threads: int = Field(
        default=0,
        ge=0,
        le=64,
        description="Threads of the chat model, 0: measured at its first start; "
        "the embedding has one.",
    )
    context_tokens: int = Field(
        default=2048, ge=256, le=131_072, description="How many tokens the chat model looks at."
    )
    memory_max_mb: int = Field(
        default=1024,
        ge=128,
        le=262_144,
        description="Memory in MB that one worker may write to; a mapped model file is not in it.",
    )
    call_max_s: float = Field(
        default=20, ge=1, le=600, description="Seconds that one answer may take."
    )
    load_max_s: float = Field(
        default=60, ge=1, le=600, description="Seconds that loading a model may take."
    )
    chat_idle_min: float = Field(
        default=5,
        ge=0.1,
        le=1440,
        description="Minutes without a question after which the chat model is unloaded.",
    )
    embedding_idle_min: float = Field(
        default=60,
        ge=0.1,
        le=1440,
        description="Minutes without a question after which the sentence embedding is unloaded.",
    )

    def for_words(self, *, adapter: Path | None) -> "Settings":
        """Return the settings of the small model: a short context, and *adapter* if not merged."""
        told = self.model_dump() | {
            "context_tokens": WORDS_TOKENS,
            "adapter": str(adapter) if adapter else "",
        }
        return Settings.model_validate(told)

    def limits(self, *, idle_min: float) -> Limits:
        """Return what a worker may cost."""
        return Limits(
            memory_max_mb=self.memory_max_mb,
            load_s=self.load_max_s,
            call_s=self.call_max_s,
            idle_s=idle_min * 60,
        )
