"""What the wearer may set about the models."""

from pydantic import BaseModel, ConfigDict, Field

from agent.models.worker import Limits


class Settings(BaseModel):
    """Which models are used, and what they may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chat: str = Field(
        default="default",
        description="The chat model: `default`, `none`, or the path of a GGUF file.",
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

    def limits(self, *, idle_min: float) -> Limits:
        """Return what a worker may cost."""
        return Limits(
            memory_max_mb=self.memory_max_mb,
            load_s=self.load_max_s,
            call_s=self.call_max_s,
            idle_s=idle_min * 60,
        )
