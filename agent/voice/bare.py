"""faster-whisper as it comes, to measure beside: `python -m agent.voice.bare MODEL FILE`.

For each line on standard input FILE is transcribed once, and the seconds of that are printed.
"""

import sys
import time
from pathlib import Path

from faster_whisper import WhisperModel


def main() -> None:
    """Transcribe as often as a line comes."""
    model, recording = sys.argv[1:]
    folder = Path(model)
    whisper = WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True
    )
    for _ in sys.stdin:
        begun_s = time.perf_counter()
        segments, _ = whisper.transcribe(recording, beam_size=1, temperature=0.0, vad_filter=True)
        for _segment in segments:
            pass
        sys.stdout.write(f"{time.perf_counter() - begun_s}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
