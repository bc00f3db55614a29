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
RESTING_HEART_RATE = Signal(
    id="resting_heart_rate",
    unit="bpm",
    low=25,
    high=150,
    fresh_s=172_800,
    what="resting heart rate of a day as a device computed it",
)
HRV_SDNN = Signal(
    id="hrv_sdnn",
    unit="ms",
    low=1,
    high=400,
    fresh_s=86_400,
    what="heart rate variability (SDNN) as a device computed it",
)
STRESS_SCORE = Signal(
    id="stress_score",
    unit="%",
    low=0,
    high=100,
    fresh_s=1800,
    what="stress as a device computed it, by a method of its own",
)
BODY_TEMPERATURE = Signal(
    id="body_temperature",
    unit="degC",
    low=30,
    high=43,
    fresh_s=21_600,
    what="body temperature, by a thermometer",
    also=("°C", "C"),
)
ACTIVITY_COUNTS = Signal(
    id="activity_counts",
    unit="count",
    low=0,
    high=20_000,
    fresh_s=120,
    what="activity counts of the last 30 s",
)
ARM_ANGLE = Signal(
    id="arm_angle",
    unit="deg",
    low=-90,
    high=90,
    fresh_s=120,
    what="angle of the forearm to the horizontal (z axis)",
)
MOTION_PEAK = Signal(
    id="motion_peak",
    unit="mg",
    low=0,
    high=64_000,
    fresh_s=60,
    what="largest acceleration, gravity included, where it was a shock",
)
SPEED = Signal(
    id="speed", unit="m/s", low=0, high=120, fresh_s=120, what="speed over ground", also=("mps",)
)
WORN = Signal(
    id="worn",
    unit="1",
    low=0,
    high=1,
    fresh_s=86_400,
    what="1 while the device touches the skin, 0 while it does not",
    also=("bool",),
)
DEVICE_TEMPERATURE = Signal(
    id="device_temperature",
    unit="degC",
    low=-40,
    high=120,
    fresh_s=600,
    what="temperature of the device itself",
    also=("°C", "C"),
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
SPEECH_SHARE = Signal(
    id="speech_share",
    unit="share",
    low=0,
    high=1,
    fresh_s=90,
    what="share of the last minute in which someone spoke",
)
NOISE_SHARE = Signal(
    id="noise_share",
    unit="share",
    low=0,
    high=1,
    fresh_s=90,
    what="share of the last minute that was loud without speech",
)
SPEECH_RATE = Signal(
    id="speech_rate",
    unit="wpm",
    low=0,
    high=400,
    fresh_s=30,
    what="words a minute that the wearer speaks, over the last seconds of speech",
)
FILLER_RATE = Signal(
    id="filler_rate",
    unit="per_min",
    low=0,
    high=60,
    fresh_s=90,
    what="fillers (um, uh, like) a minute in the wearer's speech",
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
        HRV_SDNN,
        RESTING_HEART_RATE,
        SKIN_TEMPERATURE,
        ELECTRODERMAL,
        BODY_TEMPERATURE,
        SPO2,
        RESPIRATION,
        STRESS_SCORE,
        STEPS,
        CADENCE,
        MOTION,
        MOTION_PEAK,
        ACTIVITY_COUNTS,
        ARM_ANGLE,
        SPEED,
        WORN,
        BATTERY,
        DEVICE_TEMPERATURE,
        SOUND_LEVEL,
        SPEECH_SHARE,
        NOISE_SHARE,
        SPEECH_RATE,
        FILLER_RATE,
        LOCATION,
    )
}
