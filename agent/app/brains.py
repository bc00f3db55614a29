"""The models that are set up, each in its sealed worker."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from agent.ask.larger import beginnings
from agent.models import adapted, fetch
from agent.models.chat import Chat, chat_worker, kept_folder
from agent.models.meaning import Meaning, embedding_worker
from agent.models.settings import Settings as ModelSettings
from agent.models.worker import Limits, Worker
from agent.ports import LanguageModel, Transcriber, Understanding
from agent.router import Candidate
from agent.voice.settings import Settings as VoiceSettings
from agent.voice.transcriber import COMMAND, Whisper, begin

DEFAULT = "default"
NONE = "none"


class Brains:
    """Workers start at their first call; a model that is absent leaves its part out."""

    def __init__(self, models: ModelSettings, voice: VoiceSettings) -> None:
        self._workers: list[Worker] = []
        self._named: dict[str, Worker] = {}
        self._sizes_mb: dict[str, float] = {}
        self.missing: list[str] = []
        """The models that are wanted and not there: answers are plainer."""
        chat = self._place("chat", models.chat)
        embedding = self._place("embedding", models.embedding)
        speech = self._place("speech", voice.model)
        self.words: LanguageModel | None = None
        """The small model with our adapter: it words what the tools found."""
        self.large: LanguageModel | None = None
        """The wearer's own, for open questions."""
        self.transcriber: Transcriber | None = None
        self.understandings: Sequence[Understanding] = ()
        if models.words == DEFAULT:
            self.words = self._words(models)
        if chat is not None:
            worker = chat_worker(chat, models, name="large", prefixes=beginnings())
            self.large = Chat(self._keep(worker, "large", chat))
        if embedding is not None:
            worker = embedding_worker(embedding, models, keep=kept_folder())
            self.understandings = (Meaning(self._keep(worker)),)
        if speech is not None:
            self.transcriber = Whisper(self._keep(_speech_worker(speech, voice)))

    def candidate(self, name: str) -> Candidate | None:
        """Return the model `words` or `large` as the router sees it; None if it is not there."""
        worker = self._named.get(name)
        if worker is None:
            return None
        report = worker.report
        return Candidate(
            size_mb=self._sizes_mb[name], loaded=report.pid is not None, tokens_s=report.tokens_s
        )

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
                    "memory_mb": report.memory_mb,
                    "tokens_s": report.tokens_s,
                    "notices": list(report.notices),
                    "last_fault": report.last_fault,
                }
            )
        return shown

    async def close(self) -> None:
        """End every worker."""
        for worker in self._workers:
            await worker.close()

    def _words(self, models: ModelSettings) -> LanguageModel | None:
        """Return the merged model, or the packaged one with the adapter beside it, or None."""
        folder = fetch.models_folder()
        path, added = adapted.find(folder), None
        if path is None:
            path, added = fetch.find("chat", folder), adapted.adapter()
            if path is None or added is None:
                self._miss("chat")
                return None
        told = models.for_words(adapter=added)
        return Chat(self._keep(chat_worker(path, told, name="words"), "words", path))

    def _keep(self, worker: Worker, name: str = "", path: Path | None = None) -> Worker:
        self._workers.append(worker)
        if path is not None:
            self._named[name] = worker
            self._sizes_mb[name] = path.stat().st_size / 1e6 if path.is_file() else 0.0
        return worker

    def _place(self, name: str, setting: str) -> Path | None:
        if setting == NONE:
            return None
        if setting != DEFAULT:
            return Path(setting).expanduser()  # a wrong one is told by its worker, with the reason
        found = fetch.find(name, fetch.models_folder())
        if found is None:
            self._miss(name)
        return found

    def _miss(self, name: str) -> None:
        if name not in self.missing:  # one package may bring two models
            self.missing.append(name)


def _speech_worker(folder: Path, settings: VoiceSettings) -> Worker:
    limits = Limits(
        memory_max_mb=settings.memory_max_mb,
        load_s=60,
        call_s=settings.call_max_s,
        idle_s=settings.idle_min * 60,
    )
    return Worker("speech", list(COMMAND), begin=begin(folder, settings), limits=limits)
