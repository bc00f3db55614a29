"""A Wyoming client: a transcriber that already runs on this device hears for carpal."""

import asyncio
import time
import wave
from pathlib import Path

from wyoming.asr import Transcribe
from wyoming.asr import Transcript as Told
from wyoming.audio import AudioChunk, AudioChunkConverter, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event

from agent.errors import ModelError
from agent.ports import Hints, Sound, Transcript
from agent.voice.wyoming import LINE_MAX_BYTES, WyomingError, checked, place_of, read, write

RATE_HZ = 16_000
CHUNK_BYTES = 8192
CONNECT_S_MAX = 5.0
FILE_S_MAX = 90
_PLAIN = Hints()


class WyomingTranscriber:
    """A Transcriber (see ports)."""

    by = "wyoming"

    def __init__(self, address: str, *, language: str = "", call_max_s: float = 120.0) -> None:
        """Raise ValueError for an *address* that is not of this device."""
        self._address, self._language = checked(address), language
        self._call_max_s = call_max_s

    async def transcribe(self, sound: Sound, hints: Hints = _PLAIN) -> Transcript:
        """Return what is said in *sound* (a file must be WAV); raise ModelError."""
        if hints.task == "translate":
            raise ModelError(f"the transcriber at {self._address} is not asked to translate")
        pcm = _samples(sound) if isinstance(sound, Path) else sound
        begun = time.perf_counter()
        wanted = "" if "|" in hints.language else hints.language or self._language
        told = await self._ask(pcm, wanted)
        return Transcript(
            text=str(told.data.get("text") or "").strip(),
            audio_s=len(pcm) / 2 / RATE_HZ,
            spent_s=time.perf_counter() - begun,
            language=str(told.data.get("language") or wanted),
            by=self.by,
        )

    async def _ask(self, pcm: bytes, language: str) -> Event:
        try:
            async with asyncio.timeout(CONNECT_S_MAX):
                reader, writer = await self._connect()
        except (OSError, TimeoutError) as error:
            why = getattr(error, "strerror", None) or "no answer"
            raise ModelError(f"no transcriber is at {self._address}: {why}") from error
        try:
            async with asyncio.timeout(self._call_max_s):
                await _send(pcm, language, writer)
                return await self._answer(reader)
        except TimeoutError as error:
            late = f"the transcriber at {self._address} gave no answer in {self._call_max_s:g} s"
            raise ModelError(late) from error
        except (OSError, WyomingError) as error:
            raise ModelError(f"the transcriber at {self._address} failed: {error}") from error
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        place = place_of(self._address)
        if isinstance(place, Path):
            return await asyncio.open_unix_connection(str(place), limit=LINE_MAX_BYTES)
        return await asyncio.open_connection(*place, limit=LINE_MAX_BYTES)

    async def _answer(self, reader: asyncio.StreamReader) -> Event:
        while (event := await read(reader)) is not None:
            if Told.is_type(event.type):
                return event
            if Error.is_type(event.type):
                said = str(event.data.get("text"))[:200]
                raise ModelError(f"the transcriber at {self._address} failed: {said}")
        raise ModelError(f"the transcriber at {self._address} hung up")


async def _send(pcm: bytes, language: str, writer: asyncio.StreamWriter) -> None:
    await write(Transcribe(language=language or None).event(), writer)
    await write(AudioStart(rate=RATE_HZ, width=2, channels=1).event(), writer)
    for begin in range(0, len(pcm), CHUNK_BYTES):
        chunk = pcm[begin : begin + CHUNK_BYTES]
        told = AudioChunk(rate=RATE_HZ, width=2, channels=1, audio=chunk)
        await write(told.event(), writer)
    await write(AudioStop().event(), writer)


def _samples(path: Path) -> bytes:
    try:
        with wave.open(str(path)) as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            if file.getnframes() > FILE_S_MAX * rate:
                raise ModelError(f"{path} is longer than {FILE_S_MAX} s")
            audio = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise ModelError(f"{path} is no WAV file, which a Wyoming transcriber needs") from error
    chunk = AudioChunk(rate=rate, width=width, channels=channels, audio=audio)
    return AudioChunkConverter(rate=RATE_HZ, width=2, channels=1).convert(chunk).audio
