"""Every signal: its id, its unit, what is plausible, and how long one value holds.  Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One measurable quantity."""

    id: str
    unit: str
    low: float
    high: float
    fresh_s: int
    """After this long without a sample, nothing is known of the signal any more."""
    what: str
    also: tuple[str, ...] = ()
    """Other spellings of the same unit that a payload may carry."""


HEART_RATE = Signal(
    id="heart_rate",
    unit="bpm",
    low=25,
    high=250,
    fresh_s=300,
    what="heart rate, averaged by the device",
    also=("1/min", "beats/min"),
)
IBI = Signal(
    id="ibi", unit="ms", low=250, high=2400, fresh_s=60, what="time between two heart beats"
)
HRV_RMSSD = Signal(
    id="hrv_rmssd",
    unit="ms",
    low=1,
    high=400,
    fresh_s=1800,
    what="heart rate variability (RMSSD) as a device computed it",
)
SKIN_TEMPERATURE = Signal(
    id="skin_temperature",
    unit="degC",
    low=15,
    high=45,
    fresh_s=600,
    what="skin temperature",
    also=("°C", "C"),
)
ELECTRODERMAL = Signal(
    id="electrodermal",
    unit="uS",
    low=0,
    high=100,
    fresh_s=60,
    what="electrodermal activity (skin conductance)",
    also=("µS", "μS"),
)
SPO2 = Signal(id="spo2", unit="%", low=50, high=100, fresh_s=3600, what="blood oxygen saturation")
RESPIRATION = Signal(
    id="respiration",
    unit="1/min",
    low=3,
    high=70,
    fresh_s=600,
    what="breaths per minute",
    also=("breaths/min",),
)
STEPS = Signal(
    id="steps",
    unit="count",
    low=0,
    high=20_000,
    fresh_s=300,
    what="steps since the sample before",
    also=("steps",),
)
CADENCE = Signal(
    id="cadence",
    unit="1/min",
    low=0,
    high=300,
    fresh_s=120,
    what="steps per minute",
    also=("steps/min", "spm"),
)
MOTION = Signal(
    id="motion",
    unit="mg",
    low=0,
    high=8000,
    fresh_s=120,
    what="acceleration beyond gravity (ENMO), averaged since the sample before",
)
BATTERY = Signal(
    id="battery", unit="%", low=0, high=100, fresh_s=7200, what="charge of the device that sends"
)
SOUND_LEVEL = Signal(
    id="sound_level",
    unit="dB",
    low=0,
    high=140,
    fresh_s=60,
    what="sound level (A-weighted)",
    also=("dBA", "dB(A)"),
)
LOCATION = Signal(
    id="location",
    unit="deg",
    low=-180,
    high=180,
    fresh_s=900,
    what="latitude and longitude (WGS 84): an event of its own, with its accuracy in metres",
)

SIGNALS = {
    signal.id: signal
    for signal in (
        HEART_RATE,
        IBI,
        HRV_RMSSD,
        SKIN_TEMPERATURE,
        ELECTRODERMAL,
        SPO2,
        RESPIRATION,
        STEPS,
        CADENCE,
        MOTION,
        BATTERY,
        SOUND_LEVEL,
        LOCATION,
    )
}
