"""Notes in Markdown, a chapter after another: what is written is not held.

Each line of facts is a sentence of the source, as it stands there.  What a model worded is added
only where it says nothing else (see `faithful`).
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO

from agent.notes.chapters import Chapter, Embedding, chapters
from agent.notes.phrasing import Phrased, phrase
from agent.notes.questions import Question, questions
from agent.notes.sentences import Sentence
from agent.notes.terms import terms
from agent.notes.weighing import facts
from agent.ports import LanguageModel

NOTHING = "(Nothing was said.)"
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """What may help; without any the notes are plainer, and as true."""

    embedding: Embedding | None = None
    small: LanguageModel | None = None
    large: LanguageModel | None = None


@dataclass(slots=True)
class Taken:
    """What became of a source."""

    chapters: int = 0
    sentences: int = 0
    kept: int = 0
    refused: int = 0
    """What a model wrote and the source does not say."""


async def write(
    sentences: AsyncIterator[Sentence], to: IO[str], *, title: str, source: str, models: Models
) -> Taken:
    """Write the notes of *sentences* to *to*; return what became of them.

    *source* says what they are of, in a line under the title.
    """
    taken = Taken()
    to.write(f"# {_plain(title)}\n\n{_plain(source)}\n")
    async for chapter in chapters(sentences, models.embedding):
        texts = [one.text for one in chapter.sentences]
        key = terms(texts)
        kept = facts(texts, key)
        lines = [texts[place] for place in kept]
        phrased = await phrase(texts, lines, models.small, models.large)
        taken.chapters += 1
        taken.sentences += len(texts)
        taken.kept += len(kept)
        taken.refused += len(phrased.refused)
        to.write(_headed(chapter, phrased, key, taken.chapters))
        to.write("".join(f"- {_timed(chapter.sentences[place])}\n" for place in kept))
        to.write(_below(key, questions(lines)))
        to.flush()
    if not taken.chapters:
        to.write(f"\n{NOTHING}\n")
    return taken


def _headed(chapter: Chapter, phrased: Phrased, key: tuple[str, ...], number: int) -> str:
    title = chapter.title or phrased.title or ", ".join(key[:3]) or "Untitled"
    title = title[0].upper() + title[1:]
    at = chapter.sentences[0].at
    head = f"\n## {number}. {_plain(title)}" + (f" ({at})" if at else "") + "\n\n"
    return head + (f"{_plain(' '.join(phrased.summary))}\n\n" if phrased.summary else "")


def _timed(sentence: Sentence) -> str:
    return _plain(sentence.text) + (f" ({sentence.at})" if sentence.at else "")


def _below(key: tuple[str, ...], asked: tuple[Question, ...]) -> str:
    told = f"\nKey terms: {', '.join(_plain(term) for term in key)}\n" if key else ""
    if asked:
        told += "\nQuestions:\n\n"
    for number, one in enumerate(asked, start=1):
        answer = f" *({_plain(one.answer)})*" if one.answer else ""
        told += f"{number}. {_plain(one.text)}{answer}\n"
    return told


def _plain(text: str) -> str:
    """Return *text* on one line, without anything that Markdown would make something of."""
    return " ".join(text.split()).translate(_MARKS)
