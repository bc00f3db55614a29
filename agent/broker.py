"""The broker's configuration: a folder for mosquitto, closed to all but us and our devices."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from agent.errors import ConfigError
from agent.wire import ROOT, level

CONF = "mosquitto.conf"
SOCKET = "mqtt.sock"
SOCKET_PATH_BYTES_MAX = 107  # of sockaddr_un
CA_DAYS = 3650
SERVER_DAYS = 825  # phones refuse certificates that hold longer
BACK = timedelta(days=1)  # the phone's clock may be behind
PASSWORD_BYTES = 24
HASHING_S_MAX = 30

_CONF = """\
# Written by `carpal broker`.  What it holds for us survives a kill of either side.
{root}persistence true
persistence_location {folder}/data/
# Defaults would lose what was acknowledged in the last half hour, and all but 1,000 messages
# for a consumer that sleeps.
autosave_interval 1
max_queued_messages 500000
max_queued_bytes 268435456
max_inflight_messages 1000
max_packet_size 1048576
max_keepalive 3600
{nodelay}log_dest stderr
log_type error
log_type warning
log_type notice
connection_messages true
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/acl
listener 0 {folder}/mqtt.sock
"""
_LOOPBACK = """\
listener {port} 127.0.0.1
"""
_TLS = """\
listener {port}
certfile {folder}/server.pem
keyfile {folder}/server.key
tls_version tlsv1.2
"""
_ACL = """\
user carpal
topic readwrite {root}/{wearer}/#
topic read owntracks/#
{carpal}
user device
topic write {root}/{wearer}/+/+
topic write {root}/{wearer}/feedback
topic write {root}/{wearer}/ask
topic write {root}/{wearer}/zone
topic read {root}/{wearer}/notify
topic read {root}/{wearer}/answer
topic write owntracks/#
{device}"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the broker is to be."""

    folder: Path
    wearer: str
    port: int | None = None
    """A TCP port on loopback, for what cannot use a unix socket."""
    tls_names: Sequence[str] = ()
    """The names and addresses by which others in the house reach it; none: no TLS listener."""
    tls_port: int = 8883
    topics: Sequence[str] = ()
    """Other systems' topic filters that devices may write and we may read."""


def write(plan: Plan, *, at: datetime, force: bool = False) -> str:
    """Write the folder, and return what to put where; raise ConfigError.

    Passwords and certificates are made anew each time; the key of the CA is kept nowhere.
    """
    folder = _folder(plan, force=force)
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    root = "user root\n" if os.geteuid() == 0 else ""  # else it drops to a user who owns nothing
    # Over TCP it saves 44 ms; over a unix socket mosquitto warns that it cannot.
    nodelay = "set_tcp_nodelay true\n" if plan.port is not None or plan.tls_names else ""
    conf = _CONF.format(root=root, folder=folder, nodelay=nodelay)
    if plan.port is not None:
        conf += _LOOPBACK.format(port=plan.port)
    if plan.tls_names:
        _certify(folder, plan.tls_names, at=at)
        conf += _TLS.format(port=plan.tls_port, folder=folder)
    _write_passwords(folder)
    _write(folder / "acl", _acl(plan))
    _write(folder / CONF, conf)
    return _advice(plan, folder)


def command(folder: Path) -> Sequence[str]:
    """Return the command that runs the broker of *folder* in the foreground; raise ConfigError."""
    return [_program("mosquitto"), "-c", str(folder.absolute() / CONF)]


def _folder(plan: Plan, *, force: bool) -> Path:
    """Return the folder, made and found good, before anything is written."""
    folder = plan.folder.expanduser().absolute()
    try:
        level(plan.wearer)
    except ValueError as error:
        raise ConfigError("wearer", plan.wearer, str(error)) from error
    if any(one.isspace() for one in f"{folder}{plan.wearer}"):
        raise ConfigError("folder", str(folder), "mosquitto takes no path or topic with spaces")
    if len(os.fsencode(folder / SOCKET)) > SOCKET_PATH_BYTES_MAX:
        raise ConfigError("folder", str(folder), "too long for a unix socket: take a shorter one")
    for topic in plan.topics:
        if not topic or not topic.isprintable():
            raise ConfigError("topics", topic, "is no topic filter")
    if (folder / CONF).exists() and not force:
        reason = f"there is a {CONF} already: --force makes all of it anew, with new passwords"
        raise ConfigError("folder", str(folder), reason)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise ConfigError("folder", str(folder), f"cannot be made: {error}") from error
    return folder


def _write(path: Path, text: str | bytes) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if found is None:
        raise ConfigError("broker", name, "is not installed: install the package mosquitto")
    return found


def _write_passwords(folder: Path) -> None:
    hashing = _program("mosquitto_passwd")
    lines = list[str]()
    for user in ("carpal", "device"):
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        _write(folder / f"{user}.password", f"{password}\n")
        lines.append(f"{user}:{password}\n")
    _write(folder / "passwords", "".join(lines))
    ran = subprocess.run(  # noqa: S603  # our own file, a program of the system
        [hashing, "-U", str(folder / "passwords")],
        capture_output=True,
        timeout=HASHING_S_MAX,
        check=False,
    )
    if ran.returncode:
        (folder / "passwords").unlink()
        reason = f"mosquitto_passwd failed: {ran.stderr.decode(errors='replace')[:200]}"
        raise ConfigError("folder", str(folder), reason)
    (folder / "passwords").chmod(0o600)


def _acl(plan: Plan) -> str:
    return _ACL.format(
        root=ROOT,
        wearer=plan.wearer,
        carpal="".join(f"topic read {topic}\n" for topic in plan.topics),
        device="".join(f"topic write {topic}\n" for topic in plan.topics),
    )


def _certify(folder: Path, names: Sequence[str], *, at: datetime) -> None:
    """Write ca.pem, server.pem and server.key; the CA's own key is forgotten on return."""
    authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "carpal in this house")])
    ca = (
        _certificate(issuer, authority.public_key(), issuer=issuer, at=at, days=CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .sign(authority, hashes.SHA256())
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    own = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
    signed = (
        _certificate(subject, server.public_key(), issuer=issuer, at=at, days=SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([*map(_name, names)]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False
        )
        .sign(authority, hashes.SHA256())
    )
    _write(folder / "ca.pem", ca.public_bytes(serialization.Encoding.PEM))
    _write(folder / "server.pem", signed.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret = server.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    _write(folder / "server.key", secret)


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    *,
    issuer: x509.Name,
    at: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BACK)
        .not_valid_after(at + timedelta(days=days) - BACK)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.GeneralName:
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        pass
    else:
        return x509.IPAddress(address)
    try:
        return x509.DNSName(text)
    except ValueError as error:
        raise ConfigError("tls", text, "is neither an address nor a name in ASCII") from error


def _advice(plan: Plan, folder: Path) -> str:
    lines = [
        f"Written to {folder}.  Start it with: carpal broker --folder {folder} --start",
        "",
        "In carpal.toml:",
        "",
        "[mqtt]",
        f'socket = "{folder / SOCKET}"',
        'username = "carpal"',
        f'password_file = "{folder / "carpal.password"}"',
        f'wearer = "{plan.wearer}"',
        "",
        f"Devices sign in as `device` with the password in {folder / 'device.password'}",
        f"and publish to {ROOT}/{plan.wearer}/SOURCE/SIGNAL",
    ]
    if plan.port is not None:
        lines.append(f"on this machine by 127.0.0.1, port {plan.port}.")
    if plan.tls_names:
        lines += [
            f"by TLS: {', '.join(plan.tls_names)}, port {plan.tls_port}; give them {folder}/ca.pem",
            "to trust (a phone: install it as a CA certificate, then set host, port, TLS, user and",
            "password in the app; OwnTracks: mode MQTT, and no encryption key).",
        ]
    return "\n".join(lines)
