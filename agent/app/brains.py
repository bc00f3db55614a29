"""The models that are set up, each in its sealed worker."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from agent.models import fetch
from agent.models.chat import Chat, chat_worker
from agent.models.meaning import Meaning, embedding_worker
from agent.models.settings import Settings as ModelSettings
from agent.models.worker import Limits, Worker
from agent.ports import LanguageModel, Transcriber, Understanding
from agent.voice.settings import Settings as VoiceSettings
from agent.voice.transcriber import COMMAND, Whisper, begin

DEFAULT = "default"
NONE = "none"


class Brains:
    """Workers start at their first call; a model that is absent leaves its part out."""

    def __init__(self, models: ModelSettings, voice: VoiceSettings) -> None:
        self._workers: list[Worker] = []
        self.missing: list[str] = []
        """The models that are wanted and not there: answers are plainer."""
        chat = self._place("chat", models.chat)
        embedding = self._place("embedding", models.embedding)
        speech = self._place("speech", voice.model)
        self.chat: LanguageModel | None = None
        self.transcriber: Transcriber | None = None
        self.understandings: Sequence[Understanding] = ()
        if chat is not None:
            self.chat = Chat(self._keep(chat_worker(chat, models)))
        if embedding is not None:
            self.understandings = (Meaning(self._keep(embedding_worker(embedding, models))),)
        if speech is not None:
            self.transcriber = Whisper(self._keep(_speech_worker(speech, voice)))

    def status(self) -> list[JsonValue]:
        """Return what each worker is, and whether it is loaded."""
        shown: list[JsonValue] = [f"{name}: not set up" for name in self.missing]
        for worker in self._workers:
            report = worker.report
            shown.append(
                {
                    "name": report.name,
                    "loaded": report.pid is not None,
                    "sealed": report.sealed,
                    "crashes": report.crashes,
                    "last_fault": report.last_fault,
                }
            )
        return shown

    async def close(self) -> None:
        """End every worker."""
        for worker in self._workers:
            await worker.close()

    def _keep(self, worker: Worker) -> Worker:
        self._workers.append(worker)
        return worker

    def _place(self, name: str, setting: str) -> Path | None:
        if setting == NONE:
            return None
        if setting != DEFAULT:
            return Path(setting).expanduser()  # a wrong one is told by its worker, with the reason
        found = fetch.find(name, fetch.models_folder())
        if found is None:
            self.missing.append(name)
        return found


def _speech_worker(folder: Path, settings: VoiceSettings) -> Worker:
    limits = Limits(
        memory_max_mb=settings.memory_max_mb,
        load_s=60,
        call_s=settings.call_max_s,
        idle_s=settings.idle_min * 60,
    )
    return Worker("speech", list(COMMAND), begin=begin(folder, settings), limits=limits)
