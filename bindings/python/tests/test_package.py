"""The package as it is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import esologs
import pytest
from esologs._installation import check


def test_importing_it_loads_neither_models_nor_the_http_library() -> None:
    program = (
        "import sys, esologs; print(sorted({'httpx', 'pydantic', 'esologs.client'} & set(sys.modules)), esologs.__version__)"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.split(maxsplit=1) == ["[]", f"{esologs.__version__}\n"]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Clinet'"):
        esologs.Clinet  # noqa: B018
    with pytest.raises(ImportError):
        from esologs import OAuth3Flow  # noqa: F401


def test_files_of_the_other_package_among_ours_are_told_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "_generated").mkdir()
    check(str(tmp_path / "__init__.py"))
    (tmp_path / "_generated" / "generated_client.py").touch()

    with pytest.raises(ImportError, match="pip uninstall -y esologs esologs-python"):
        check(str(tmp_path / "__init__.py"))


def test_types_are_shipped() -> None:
    folder = Path(esologs.__file__).parent

    assert all((folder / name).is_file() for name in ("py.typed", "_core.pyi", "__init__.pyi", "sync_client.pyi"))


def test_importing_the_client_loads_neither_httpx_nor_pydantic_nor_asyncio() -> None:
    program = (
        "import sys; from esologs import Client, SyncClient; Client(headers={'Authorization': 'Bearer x'}); "
        "print([name for name in ('httpx', 'pydantic', 'asyncio') if name in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"
