"""Everything a province may set: config/default.toml, then the file named by DASHBOARD_CONFIG, then DASHBOARD_* in the environment."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Literal, TypedDict

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from config.errors import BadSettings
from config.safety import secret

ROOT: Final = Path(__file__).resolve().parent.parent
DEFAULT_FILE: Final = ROOT / "config" / "default.toml"
DEMO_FILE: Final = ROOT / "var" / "demo.duckdb"
PREFIX: Final = "DASHBOARD_"
FILE_VARIABLE: Final = PREFIX + "CONFIG"
NO_DESCRIPTION: Final = "một giá trị hợp lệ"


class CountingRules(TypedDict):
    """What may be set about counting, under the names that `queries.counting.Rules` gives it."""

    missing_channel_as_counter: bool
    without_due_as_on_time: bool
    minimum_n: int


class Settings(BaseSettings):
    """The settings of one running dashboard; the description of a field completes the sentence “… phải là …”."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, str_strip_whitespace=True)

    database_url: SecretStr = Field(SecretStr(""), description="địa chỉ cơ sở dữ liệu, ví dụ postgresql://tai_khoan:mat_khau@may_chu:5432/ten")
    database_url_file: str = Field("", description="đường dẫn một tệp chỉ chứa địa chỉ cơ sở dữ liệu")
    source: str = Field("native", min_length=1, description="tên một nguồn có sẵn hoặc đường dẫn một thư mục câu SELECT")
    query_timeout_seconds: float = Field(15.0, gt=0, le=600, allow_inf_nan=False, description="số giây, lớn hơn 0 và không quá 600")
    province_name: str = Field("Lai Châu", min_length=1, description="tên tỉnh, thành phố")
    province_kind: Literal["tỉnh", "thành phố"] = Field("tỉnh", description="“tỉnh” hoặc “thành phố”")
    letter_superior: str = Field("", description="tên cơ quan chủ quản in trên thư nhắc")
    letter_issuer: str = Field("Sở Khoa học và Công nghệ", min_length=1, description="tên cơ quan ban hành thư nhắc")
    cache_megabytes: int = Field(64, ge=0, le=65_536, description="số nguyên từ 0 đến 65.536")
    warm_pages: bool = Field(default=True, description="true hoặc false")
    minimum_n: int = Field(20, ge=1, description="số nguyên từ 1 trở lên")
    small_cell: int = Field(5, ge=1, le=1000, description="số nguyên từ 1 đến 1.000")
    missing_channel_as_counter: bool = Field(default=False, description="true hoặc false")
    count_without_due_as_on_time: bool = Field(default=False, description="true hoặc false")
    targets_file: Path = Field(Path("config/targets.toml"), description="đường dẫn một tệp TOML")

    public_url: str = Field("http://127.0.0.1:8050", pattern=r"^https?://[^\s/]+(/\S*)?$", description="địa chỉ bắt đầu bằng http:// hoặc https://")
    state_folder: Path = Field(Path("var"), description="đường dẫn một thư mục ghi được")
    briefings_folder: Path = Field(Path("config/briefings"), description="đường dẫn một thư mục tệp mẫu trình bày (*.toml)")
    audit_days: int = Field(730, ge=30, le=36_500, description="số ngày từ 30 đến 36.500")
    oldest_data_days: int = Field(0, ge=0, le=3650, description="số ngày từ 0 đến 3.650")
    request_kilobytes: int = Field(256, ge=64, le=65_536, description="số nguyên từ 64 đến 65.536")
    ops_token: SecretStr = Field(SecretStr(""), description="một mã bí mật")
    ops_token_file: str = Field("", description="đường dẫn một tệp chỉ chứa mã bí mật")
    files_at_once: int = Field(2, ge=1, le=32, description="số nguyên từ 1 đến 32")

    sign_in: Literal["none", "local", "oidc", "local+oidc", "proxy"] = Field(
        "none", description="một trong: none (chỉ máy này), local (tài khoản trong tệp), oidc, local+oidc, proxy"
    )
    accounts_file: str = Field("", description="đường dẫn tệp tài khoản")
    roles_file: Path = Field(Path("config/roles.toml"), description="đường dẫn một tệp TOML gán nhóm vào vai trò")
    session_idle_minutes: int = Field(60, ge=1, le=1440, description="số phút, từ 1 đến 1.440")
    session_hours: int = Field(10, ge=1, le=168, description="số giờ, từ 1 đến 168")
    sign_in_attempts: int = Field(5, ge=1, le=100, description="số nguyên từ 1 đến 100")
    oidc_issuer: str = Field("", pattern=r"^(https?://[^\s?#]+)?$", description="địa chỉ của nhà cung cấp đăng nhập, bắt đầu bằng https://")
    oidc_client_id: str = Field("", description="tên ứng dụng đã đăng ký với nhà cung cấp đăng nhập")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="mật khẩu của ứng dụng, nên đặt trong biến môi trường")
    oidc_client_secret_file: str = Field("", description="đường dẫn một tệp chỉ chứa mật khẩu của ứng dụng")
    oidc_scopes: str = Field("openid profile", pattern=r"\bopenid\b", description="các phạm vi cách nhau bằng dấu cách, có openid")
    oidc_name_claim: str = Field("preferred_username", min_length=1, description="tên một mục trong thẻ định danh, mục con cách nhau bằng dấu chấm")
    oidc_groups_claim: str = Field("groups", min_length=1, description="tên một mục trong thẻ định danh, mục con cách nhau bằng dấu chấm")
    oidc_agency_claim: str = Field("", description="tên một mục trong thẻ định danh chứa mã đơn vị")
    oidc_label: str = Field("Đăng nhập bằng tài khoản của tỉnh", min_length=1, description="chữ trên nút đăng nhập")
    proxy_addresses: str = Field("", description="các địa chỉ IP hoặc dải CIDR cách nhau bằng dấu phẩy")
    proxy_secret: SecretStr = Field(SecretStr(""), description="bí mật dùng chung, ít nhất 16 ký tự, nên đặt trong biến môi trường")
    proxy_secret_file: str = Field("", description="đường dẫn một tệp chỉ chứa bí mật dùng chung")
    proxy_user_header: str = Field("X-Remote-User", min_length=1, description="tên một tiêu đề HTTP")
    proxy_groups_header: str = Field("X-Remote-Groups", min_length=1, description="tên một tiêu đề HTTP")
    proxy_agency_header: str = Field("X-Remote-Agency", min_length=1, description="tên một tiêu đề HTTP")

    @property
    def state_path(self) -> Path:
        """The folder of the dashboard's own store; a relative path counts from the project's folder."""
        return ROOT / self.state_folder

    @property
    def briefings_path(self) -> Path:
        """The folder of the templates of briefings; a relative path counts from the project's folder."""
        return ROOT / self.briefings_folder

    @property
    def database(self) -> str:
        """The address of the dossier database; the demo province where none is set. Raises BadSettings for a file that cannot be used."""
        return secret(self.database_url, self.database_url_file, "database_url") or f"duckdb:///{DEMO_FILE}"

    @property
    def operators_token(self) -> str:
        """What opens health and meters to other machines; empty: nothing does. Raises BadSettings for a file that cannot be used."""
        return secret(self.ops_token, self.ops_token_file, "ops_token")

    @property
    def provider_secret(self) -> str:
        """This application's secret at the provider; empty for a public client. Raises BadSettings for a file that cannot be used."""
        return secret(self.oidc_client_secret, self.oidc_client_secret_file, "oidc_client_secret")

    @property
    def shared_secret(self) -> str:
        """What the proxy sends beside who asks. Raises BadSettings for a file that cannot be used."""
        return secret(self.proxy_secret, self.proxy_secret_file, "proxy_secret")

    @property
    def cache_bytes(self) -> int:
        """Memory in each worker for what was answered: half for frames, half for finished pages."""
        return self.cache_megabytes * 2**20

    @property
    def targets_path(self) -> Path:
        """The targets file; a relative path counts from the project's folder."""
        return ROOT / self.targets_file

    @property
    def rules(self) -> CountingRules:
        """The arguments of `queries.counting.Rules`."""
        return {
            "missing_channel_as_counter": self.missing_channel_as_counter,
            "without_due_as_on_time": self.count_without_due_as_on_time,
            "minimum_n": self.minimum_n,
        }

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the base class's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the base class's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put what the command line gives over the environment, and that over the files."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=_files())


def load_settings(given: Mapping[str, str | None] | None = None) -> Settings:
    """Read the settings; `given` holds what the command line says, None where it says nothing.

    Raises:
        BadSettings: an unknown key, a value out of range, a file that is missing or is not TOML.
    """
    said = {key: value for key, value in (given or {}).items() if value is not None}
    contents = {path: _toml(path) for path in _files()}
    _refuse_unknown(contents)
    try:
        return Settings.model_validate(said)
    except ValidationError as error:
        raise _bad_value(error, said, contents) from None


def _files() -> list[Path]:
    named = os.environ.get(FILE_VARIABLE, "").strip()
    return [DEFAULT_FILE, Path(named)] if named else [DEFAULT_FILE]


def _toml(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise BadSettings(message, sentence=f"Không đọc được tệp cấu hình “{path}”. Kiểm tra đường dẫn trong biến môi trường {FILE_VARIABLE}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} is not TOML: {error}", sentence=f"Tệp cấu hình “{path}” không đúng dạng TOML (UTF-8): {error}.") from None


def _refuse_unknown(contents: Mapping[Path, Mapping[str, object]]) -> None:
    for path, content in contents.items():
        for key in content:
            if key not in Settings.model_fields:
                raise _unknown(key, f"tệp “{path}”", str)
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() != FILE_VARIABLE and name[len(PREFIX) :].lower() not in Settings.model_fields:
            raise _unknown(name, "biến môi trường", lambda key: PREFIX + key.upper())


def _unknown(name: str, where: str, written: Callable[[str], str]) -> BadSettings:
    """`written` is how a key is written at that place."""
    near = difflib.get_close_matches(name.removeprefix(PREFIX).lower(), Settings.model_fields, n=1)
    advice = f"Có phải là “{written(near[0])}”?" if near else f"Các tên dùng được: {', '.join(map(written, Settings.model_fields))}."
    return BadSettings(f"unknown setting {name} in {where}", sentence=f"Không có thiết lập nào tên “{name}” ({where}). {advice}")


def _bad_value(error: ValidationError, said: Mapping[str, str], contents: Mapping[Path, Mapping[str, object]]) -> BadSettings:
    first = error.errors(include_url=False, include_context=False)[0]
    key = str(first["loc"][0])
    expected = Settings.model_fields[key].description or NO_DESCRIPTION
    found = "" if Settings.model_fields[key].annotation is SecretStr else f" “{first['input']}”"
    where = _origin(key, said, contents)
    message = f"bad value of {key} from {where}: {first['type']}"
    return BadSettings(message, sentence=f"Giá trị{found} của “{key}” ({where}) không dùng được: phải là {expected}.")


def _origin(key: str, said: Mapping[str, str], contents: Mapping[Path, Mapping[str, object]]) -> str:
    if key in said:
        return "dòng lệnh"
    for name, value in os.environ.items():
        if name.upper() == PREFIX + key.upper() and value:
            return f"biến môi trường {name}"
    return next((f"tệp “{path}”" for path, content in reversed(list(contents.items())) if key in content), "mặc định")
