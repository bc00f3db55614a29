"""The models that are set up, each in its sealed worker."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from pydantic import JsonValue

from agent.ask.larger import beginnings
from agent.errors import ConfigError
from agent.models import adapted, fetch
from agent.models.chat import Chat, chat_worker, kept_folder
from agent.models.meaning import Meaning, embedding_worker
from agent.models.settings import Settings as ModelSettings
from agent.models.worker import Limits, Worker
from agent.ports import LanguageModel, Transcriber, Understanding
from agent.router import Candidate
from agent.voice.settings import Settings as VoiceSettings
from agent.voice.speaking import Synthesizer, piper
from agent.voice.speaking.espeak import Espeak
from agent.voice.speaking.mouth import Mouth
from agent.voice.speaking.player import Player
from agent.voice.transcriber import COMMAND, SPHINX_COMMAND, Sphinx, Whisper, begin
from agent.voice.wyoming.client import WyomingTranscriber

DEFAULT = "default"
NONE = "none"
SPHINX = "pocketsphinx"
MANY = "many"
USUAL_WPM = 165  # how fast a Piper voice speaks where it is told nothing


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
        self.words: LanguageModel | None = None
        """The small model with our adapter: it words what the tools found."""
        self.large: LanguageModel | None = None
        """The wearer's own, for open questions."""
        self.speech: Worker | None = None
        """The worker of the transcriber, where it is ours."""
        self.transcriber = self._transcriber(voice)
        self.second = self._second(voice)
        """Another ear, for commands that a grammar describes and that leave a doubt."""
        self.mouth = Mouth(self._voices(voice), Player(voice.loudspeaker))
        self.understandings: Sequence[Understanding] = ()
        if models.words == DEFAULT:
            self.words = self._words(models)
        if chat is not None:
            worker = chat_worker(chat, models, name="large", prefixes=beginnings())
            self.large = Chat(self._keep(worker, "large", chat))
        if embedding is not None:
            worker = embedding_worker(embedding, models, keep=kept_folder())
            self.understandings = (Meaning(self._keep(worker)),)

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
        await self.mouth.close()
        for worker in self._workers:
            await worker.close()

    def _transcriber(self, voice: VoiceSettings) -> Transcriber | None:
        if "://" in voice.model:
            return _elsewhere(voice)
        if voice.model == SPHINX:
            self.speech = self._keep(_speech_worker(Path(), voice, SPHINX_COMMAND))
            return Sphinx(self.speech)
        name, setting = ("speech_many", DEFAULT) if voice.model == MANY else ("speech", voice.model)
        folder = self._place(name, setting)
        if folder is None:
            return None
        self.speech = self._keep(_speech_worker(folder, voice))
        return Whisper(self.speech)

    def _second(self, voice: VoiceSettings) -> Transcriber | None:
        if not isinstance(self.transcriber, Whisper) or find_spec(SPHINX) is None:
            return None
        worker = _speech_worker(Path(), voice, SPHINX_COMMAND, name="second")
        return Sphinx(self._keep(worker))

    def _voices(self, voice: VoiceSettings) -> list[Synthesizer]:
        """Return what speaks, the best first."""
        plain: list[Synthesizer] = [Espeak(voice)]
        path = self._place("voice", voice.piper)
        if path is None:
            return plain
        begin_ = piper.begin(path, speed_wpm=voice.speed_wpm, usual_wpm=USUAL_WPM)
        limits = Limits(memory_max_mb=1024, load_s=60, call_s=60, idle_s=voice.idle_min * 60)
        worker = Worker("voice", list(piper.COMMAND), begin=begin_, limits=limits)
        language = voice.voice if voice.voice != "en" else "en-us"
        return [piper.Piper(self._keep(worker), language=language), *plain]

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


def _speech_worker(
    folder: Path,
    settings: VoiceSettings,
    command: Sequence[str] = COMMAND,
    *,
    name: str = "speech",
) -> Worker:
    limits = Limits(
        memory_max_mb=settings.memory_max_mb,
        load_s=60,
        call_s=settings.call_max_s,
        idle_s=settings.idle_min * 60,
    )
    return Worker(name, list(command), begin=begin(folder, settings), limits=limits)


def _elsewhere(voice: VoiceSettings) -> Transcriber:
    """Return the transcriber of another program; raise ConfigError for one of another device."""
    try:
        return WyomingTranscriber(voice.model, language=voice.language, call_max_s=voice.call_max_s)
    except ValueError as error:
        raise ConfigError("voice.model", voice.model, str(error)) from error
