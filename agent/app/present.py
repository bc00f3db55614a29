"""What `carpal now`, `carpal places` and `carpal place` do: the present, and its places."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import JsonValue, ValidationError

from agent.app.pipeline import Pipeline
from agent.context import Context
from agent.control import Reply
from agent.errors import ControlError
from agent.events import LocationMeasured, PlaceForgotten, PlaceNamed
from agent.fold import WEARER
from agent.memory.recall import Memory
from agent.signals import LOCATION, SIGNALS
from agent.situation import Basis, Part, situation

MOMENT = timedelta(seconds=1)


def now(pipeline: Pipeline) -> Reply:
    """Return the situation, each part with the samples behind it."""
    context = pipeline.present()
    found = situation(context)
    parts: list[JsonValue] = [_part(one, pipeline.memory) for one in found.parts]
    return {
        "at": found.at.isoformat(),
        "zone": context.local.key,
        "sentence": found.sentence,
        "parts": parts,
    }


def places(pipeline: Pipeline) -> Reply:
    """Return the places with a name, and those where the wearer stays that have none."""
    context = pipeline.present()
    here = context.place.here if context.place.known_at(context.now) else None
    named: list[JsonValue] = [
        {
            "name": place.name,
            "kind": place.kind,
            "from": _origin(context, place.name),
            "latitude_deg": round(place.latitude_deg, 5),
            "longitude_deg": round(place.longitude_deg, 5),
            "radius_m": place.radius_m,
            "here": here is not None and place.name == here.name,
        }
        for place in context.places
    ]
    spots: list[JsonValue] = [
        {
            "latitude_deg": round(spot.latitude_deg, 5),
            "longitude_deg": round(spot.longitude_deg, 5),
            "stays": spot.stays,
            "last": spot.stayed_at.isoformat(),
        }
        for spot in sorted(context.visits.spots, key=lambda spot: -spot.stays)
        if all(spot.apart_m(place) > place.radius_m for place in context.places)
    ]
    return {"places": named, "stays": spots, "zone": context.local.key}


async def name_place(pipeline: Pipeline, arguments: Mapping[str, JsonValue]) -> Reply:
    """Give the place where the wearer is a name, or take one back; raise ControlError."""
    context, name = pipeline.present(), str(arguments.get("name", "")).strip()
    if arguments.get("forget"):
        if name not in context.named:
            known = ", ".join(sorted(context.named)) or "none"
            raise ControlError(f"you gave no place the name {name[:64]!r} (you named: {known})")
        await pipeline.keep([PlaceForgotten(at=context.now, source=WEARER, name=name)])
        return {"name": name, "forgotten": True}
    if not context.place.known_at(context.now):
        raise ControlError("where you are is not known: no location came in the last 15 minutes")
    spot = context.visits.here(context.now)
    try:
        named = PlaceNamed.model_validate(
            {
                "at": context.now,
                "source": WEARER,
                "name": name,
                "place": arguments.get("kind", "other"),
                "latitude_deg": spot.latitude_deg if spot else context.place.latitude_deg,
                "longitude_deg": spot.longitude_deg if spot else context.place.longitude_deg,
                "radius_m": arguments.get("radius_m", 60),
            }
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ControlError(f"{key}: {first['msg']}") from error
    await pipeline.keep([named])
    return named.model_dump(mode="json")


def _origin(context: Context, name: str) -> str:
    if any(place.name == name for place in context.rules.places):
        return "settings"
    return "you" if name in context.named else "learned"


def _part(part: Part, memory: Memory) -> Reply:
    samples: list[JsonValue] = [
        told for basis in part.bases if (told := _basis(basis, memory)) is not None
    ]
    return {
        "name": part.name,
        "value": part.value,
        "missing": part.missing,
        "confidence": part.confidence,
        "since": part.since.isoformat() if part.since else None,
        "because": list(part.because),
        "samples": samples,
    }


def _basis(basis: Basis, memory: Memory) -> Reply | None:
    """Return what memory holds of *basis*; None where that is nothing."""
    until = basis.until + MOMENT
    told: dict[str, JsonValue] = {
        "signal": basis.signal,
        "unit": SIGNALS[basis.signal].unit,
        "since": basis.since.isoformat(),
        "until": basis.until.isoformat(),
    }
    if basis.signal == LOCATION.id:
        events = memory.events("location_measured", since=basis.since)
        fixes = [one for one in events if isinstance(one, LocationMeasured) and one.at <= until]
        return {**told, "count": len(fixes)} if fixes else None
    found = memory.summary(basis.signal, since=basis.since, until=until)
    if found is None:
        return None
    return {
        **told,
        "count": found.count,
        "mean": round(found.mean, 2),
        "low": found.low,
        "high": found.high,
    }
