"""TLS: spoken with a certificate; what does not fit is told before anything starts."""

import datetime
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from builders import environment
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from said import Call, complains
from served import PASSWORDS

from pipelines import servers
from pipelines.home import Home
from pipelines.simulation.client import Client

PEM = serialization.Encoding.PEM
PKCS8 = serialization.PrivateFormat.PKCS8


def made(folder: Path, name: str, password: bytes = b"") -> tuple[Path, Path]:
    """A certificate of this machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(password) if password else None
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(certificate.public_bytes(PEM))
    files[1].write_bytes(key.private_bytes(PEM, PKCS8, lock or serialization.NoEncryption()))
    return files


def _renewed(port: int, certificate: Path, key: Path, log: Path) -> None:
    """A certificate that is renewed is served at once, one that is broken never."""

    def served() -> str:
        at = ("localhost", "127.0.0.1")  # told by name, and by none
        (told,) = {ssl.get_server_certificate((host, port), timeout=30).strip() for host in at}
        return told

    first = certificate.read_text(encoding="utf-8").strip()
    assert served() == first
    second = made(certificate.parent, "two")
    second[0].replace(certificate)  # the key is the old one's still
    assert served() == first
    second[1].replace(key)
    renewed = certificate.read_text(encoding="utf-8").strip()
    assert served() == renewed != first
    certificate.write_text("broken", encoding="utf-8")
    assert served() == served() == renewed
    key.unlink()
    assert served() == renewed
    told = [line for line in log.read_text(encoding="utf-8").splitlines() if "before stays" in line]
    assert len(told) == 3 and "cannot be served with" in told[0] and "cannot be read" in told[2]


def test_a_hub_speaks_tls(home_to_serve: Home, tmp_path: Path) -> None:
    certificate, key = made(tmp_path, "one")
    port, said = servers.free_port(0), tmp_path / "said"
    command = [
        *(str(Path(sys.executable).with_name("mainstem")), "up", "--no-dashboard", "--no-dagster"),
        *("--no-loop", "--gateway-port", str(port), "--home", str(home_to_serve.path)),
        *("--tls-cert", str(certificate), "--tls-key", str(key)),
    ]
    with said.open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment())
    try:
        deadline = time.monotonic() + 120
        while b"Ctrl-c stops everything." not in said.read_bytes():
            assert running.poll() is None and time.monotonic() < deadline, said.read_text()
            time.sleep(0.2)
        assert f"https://127.0.0.1:{port}" in said.read_text()
        url = f"https://localhost:{port}"
        client = Client(url, "Site 101", PASSWORDS[101], "HW")
        with client.session as session:
            session.verify, session.trust_env = str(certificate), False
            assert client.call("GET", "site")["omSupplyCentralServerUrl"] == f"{url}/"
            _renewed(port, certificate, key, home_to_serve.path / "logs/gateway.log")
            assert client.call("GET", "site"), "what was connected goes on"
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{url}/health", timeout=30)
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(f"http://localhost:{port}/health", timeout=30)
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0
    finally:
        running.kill()
    log = (home_to_serve.path / "logs/gateway.log").read_text(encoding="utf-8")
    assert "Traceback" not in log


def test_what_cannot_be_served_with_is_told(home: Home, tmp_path: Path, call: Call) -> None:
    certificate, key = made(tmp_path, "one")
    _, another = made(tmp_path, "another")
    _, locked = made(tmp_path, "locked", b"secret")

    def told(certificate: Path, key: Path, *words: str) -> None:
        given = ("up", "--tls-cert", certificate, "--tls-key", key)
        complains(call(*given, at=home), *words)

    told(tmp_path / "none.crt", key, "certificate", "none.crt cannot be read", "No such file")
    told(certificate, tmp_path / "none.key", "key", "none.key cannot be read")
    told(certificate, another, "cannot be served with", "its own key")
    told(certificate, locked, "cannot be served with", "without a password")
    told(key, certificate, "cannot be served with")
    complains(call("up", "--tls-cert", certificate, at=home), "go together", status=2)
    assert not (home.path / "logs").exists()
