#!/usr/bin/env python3
"""The only commands to remember; needs Python 3.11 and its standard library, fetches the rest itself.

python3 dev.py demo [--once]     a county played through five years, an office workbook imported, pages served
python3 dev.py test [pytest …]   every test, on SQLite, PostgreSQL and in a browser
python3 dev.py check [--fast]    format, lint, imports; types too unless --fast
python3 dev.py lock [--upgrade]  write requirements/*.txt anew from pyproject.toml
python3 dev.py WORD …            anything else is `zhibu WORD …`, in the caller's folder, with its exit code

Set-up talks on stderr only, and is done again only when what it rests on has changed. Windows: kept
possible, untested.
"""

# The grammar is kept to that of Python 3.7, so that an older Python reaches the message in main().
import contextlib
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
REQUIREMENTS = ROOT / "requirements"
UV_SERIES = "0.13."  # the series of requirements/uv.txt, whose own builder pyproject.toml names
WINDOWS = os.name == "nt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
BROWSER_FILES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
CJK_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
CJK_FONTS = ("*CJK*", "*wqy*", "*SourceHan*")
LOCK_HEADER = (
    "# Locked with hashes by `python3 dev.py lock`; names no address: that is a setting of the machine.\n"
)
USAGE_EXIT, FAILURE_EXIT = 2, 1
SIDE_BY_SIDE = ["-n2", "--dist=loadfile", "--no-loadscope-reorder", "--benchmark-disable"]
"""How the whole suite runs: two files at a time, each whole in one process, in their order (a browser leaves
an event loop behind, so its files come last). A part of the suite runs in one process."""


def stop(what, why, remedy):  # type: (str, str, str) -> None
    """End with the three parts of every message: what was refused, why, and what can be done."""
    sys.stderr.write(f"{what}：{why}。{remedy}。\n")
    raise SystemExit(FAILURE_EXIT)


def say(text: str) -> None:
    """Tell on stderr what the set-up is doing; stdout belongs to the answer."""
    print(text, file=sys.stderr, flush=True)


def main(arguments: "list[str]") -> int:
    """Set up what the first word needs and run it; returns the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036  (who starts this file may have any Python)
        have = "{}.{}".format(*sys.version_info)
        stop("不能启动", f"需要 Python 3.11 或更高版本，当前是 {have}", "请改用 python3.11 dev.py …")
    if not arguments:
        say(__doc__ or "")
        return USAGE_EXIT
    word, rest = arguments[0], arguments[1:]
    if word == "test":
        return test(rest)
    if word == "check":
        return check(rest)
    if word == "lock":
        return lock(rest)
    return zhibu(arguments)


# --- the words ------------------------------------------------------------------------------------------


def zhibu(arguments: "list[str]") -> int:
    """Run `zhibu` of this checkout, in the caller's folder."""
    python = environment("runtime", ROOT / ".venv")
    command = [str(script(python, "zhibu")), *with_full_demo(arguments)]
    return become([str(python), *command] if not WINDOWS else command)


def with_full_demo(arguments: "list[str]") -> "list[str]":
    """Add --full to `demo`: a checkout's demo also imports a workbook and serves pages."""
    index = 0
    while index < len(arguments) and arguments[index].startswith("-"):
        index += 1 if "=" in arguments[index] else 2  # every global option takes a value
    if arguments[index : index + 1] != ["demo"]:
        return arguments
    return [*arguments[: index + 1], "--full", *arguments[index + 1 :]]


def test(arguments: "list[str]") -> int:
    """Run pytest from the checkout's root; a missing browser or database fails, it never skips."""
    python = environment("dev", ROOT / ".venv-test")
    make_sure_of_browser()
    os.chdir(str(ROOT))
    return become([str(python), "-m", "pytest", *(arguments or SIDE_BY_SIDE)])


def check(arguments: "list[str]") -> int:
    """Run every check to its end, so that one run shows all there is to mend."""
    python = environment("dev", ROOT / ".venv-test")
    commands = [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["lint-imports", "--no-logo"]]
    if "--fast" not in arguments:
        commands.append(["mypy"])
    failed = []
    for command in commands:
        say("== " + " ".join(command))
        if subprocess.call([str(script(python, command[0])), *command[1:]], cwd=str(ROOT)) != 0:
            failed.append(" ".join(command))
    say("检查未通过：" + "、".join(failed) if failed else "检查全部通过")
    return FAILURE_EXIT if failed else 0


def lock(arguments: "list[str]") -> int:
    """Write the requirements files anew, for every platform; versions move only with --upgrade."""
    common = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    common += ["--no-header", "--no-annotate", *arguments]
    runtime = ["pyproject.toml", "--extra", "postgres"]
    development = [*runtime, "--group", "dev", "--constraint", "requirements/runtime.txt"]
    for name, inputs in (("runtime", runtime), ("dev", development)):
        target = REQUIREMENTS / (name + ".txt")
        subprocess.run(
            [uv(), *common, *inputs, "--output-file", str(target)],
            cwd=str(ROOT),
            check=True,
            stdout=sys.stderr,
        )
        locked = target.read_text(encoding="utf-8").replace(LOCK_HEADER, "")
        target.write_text(LOCK_HEADER + locked, encoding="utf-8", newline="\n")
    return 0


def become(command: "list[str]") -> int:
    """Put the program in our place, so that a signal to us reaches it; Windows cannot, and waits for it."""
    if not WINDOWS:
        os.execv(command[0], command)  # noqa: S606  (no shell is wanted)
    return subprocess.call(command, env={**os.environ, "PYTHONUTF8": "1"})


# --- environments ---------------------------------------------------------------------------------------


def environment(name: str, folder: Path) -> Path:
    """Return the Python of an environment that holds exactly requirements/NAME.txt and this checkout."""
    python = folder / ("Scripts/python.exe" if WINDOWS else "bin/python")
    marker, wanted = folder / "zhibu-ready", fingerprint(name)
    if is_ready(python, marker, wanted):
        return python
    with one_at_a_time():
        if is_ready(python, marker, wanted):
            return python
        say(f"正在准备运行环境 {folder.name}（首次约需十几秒，之后不再重复）…")
        tool = uv()
        steps = [
            ["pip", "sync", "--require-hashes", "--python", str(python), str(REQUIREMENTS / (name + ".txt"))],
            ["pip", "install", "--no-deps", "--python", str(python), "--editable", str(ROOT)],
        ]
        if not is_of_this_python(python, folder):
            steps.insert(0, ["venv", "--clear", "--no-project", "--python", sys.executable, str(folder)])
        with contextlib.suppress(FileNotFoundError):
            marker.unlink()
        for step in steps:
            run_setup([tool, *step, "--quiet", "--no-python-downloads"], "安装依赖", with_the_index_of_pip())
        marker.write_text(wanted, encoding="utf-8")
    return python


def is_of_this_python(python: Path, folder: Path) -> bool:
    """Tell whether the environment stands and was made for the Python that runs us."""
    settings = folder / "pyvenv.cfg"
    if not (python.exists() and settings.exists()):
        return False
    return "version_info = {}.{}.".format(*sys.version_info) in settings.read_text(encoding="utf-8")


def with_the_index_of_pip() -> "dict[str, str]":
    """Return the variables for uv: it does not read pip's settings, where people keep their mirror."""
    variables = dict(os.environ)
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & variables.keys():
        asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
        answer = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        index = variables.get("PIP_INDEX_URL") or answer.stdout.decode().strip()
        if index:
            variables["UV_DEFAULT_INDEX"] = index
    return variables


def fingerprint(name: str) -> str:
    """Return a hash of all that an environment is made from: versions, metadata, interpreter, place."""
    parts = [(REQUIREMENTS / (name + ".txt")).read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    parts += [sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_ready(python: Path, marker: Path, wanted: str) -> bool:
    """Tell whether the marker, written last, says that this very environment was finished."""
    try:
        return python.exists() and marker.read_text(encoding="utf-8") == wanted
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def one_at_a_time() -> "Iterator[None]":
    """Keep two set-ups of this checkout apart (on Windows they are not kept apart)."""
    folder = ROOT / ".dev"
    folder.mkdir(exist_ok=True)
    with open(str(folder / "lock"), "w", encoding="utf-8") as file:
        if not WINDOWS:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def script(python: Path, name: str) -> Path:
    """Return the path of a console script beside an environment's Python."""
    return python.with_name(name + ".exe" if WINDOWS else name)


def uv() -> str:
    """Return uv: the one on the PATH if of our series, else ours, a wheel: stock Debian has pip."""
    on_path = shutil.which("uv")
    if on_path and UV_SERIES in subprocess.run([on_path, "--version"], stdout=-1, check=True).stdout.decode():
        return on_path
    pinned = REQUIREMENTS / "uv.txt"
    folder = ROOT / ".dev" / ("uv-" + hashlib.sha256(pinned.read_bytes()).hexdigest()[:8])
    ours = folder / "bin" / ("uv.exe" if WINDOWS else "uv")
    if not ours.exists():
        pip = [sys.executable, "-m", "pip"]
        if subprocess.call([*pip, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) != 0:
            stop(
                "不能准备运行环境", "这个 Python 没有 pip", "请先安装，例如 sudo apt-get install python3-pip"
            )
        quiet = ["--quiet", "--disable-pip-version-check", "--root-user-action=ignore", "--only-binary=:all:"]
        run_setup([*pip, "install", *quiet, "--target", str(folder), "-r", str(pinned)], "安装工具 uv 的下载")
    return str(ours)


def run_setup(command: "list[str]", doing: str, variables: "dict[str, str] | None" = None) -> None:
    """Run one step of the set-up, its output on stderr; ends with a message for people when it fails."""
    if subprocess.call(command, cwd=str(ROOT), stdout=sys.stderr, env=variables) != 0:
        remedy = "请检查网络后重试；内网请先设置软件源（PIP_INDEX_URL 和 UV_DEFAULT_INDEX）"
        stop("不能准备运行环境", doing + "没有成功，原因见上面的输出", remedy)


# --- what the tests need of the system --------------------------------------------------------------------


def find_browser() -> "str | None":
    """Return the Chromium or its kin to test with; CHROMIUM names another."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in BROWSERS]
    return next(
        (path for path in (*found, *BROWSER_FILES) if path and Path(path).exists()),
        None,
    )


def has_libatomic() -> bool:
    """Tell whether Playwright's own node can start: on Linux it is linked against libatomic."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def has_cjk_font() -> bool:
    """Tell whether pages can show Chinese; without a font they are laid out in empty boxes."""
    if not sys.platform.startswith("linux"):
        return True
    folders = [Path(folder) for folder in (*CJK_FONT_FOLDERS, Path.home() / ".local/share/fonts")]
    return any(next(folder.rglob(pattern), None) for folder in folders for pattern in CJK_FONTS)


def make_sure_of_browser() -> None:
    """Install what the browser tests lack if we may, else say what to install."""
    needed = {
        "chromium": find_browser() is None,
        "libatomic1": not has_libatomic(),
        "fonts-noto-cjk": not has_cjk_font(),
    }
    missing = [package for package, lacks in needed.items() if lacks]
    if not missing:
        return
    install = "apt-get install --no-install-recommends " + " ".join(missing)
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say("正在安装浏览器测试所需的系统软件包：" + " ".join(missing) + " …")
        apt_env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["apt-get", "update", "-qq"], [*install.split(), "-y", "-qq"]):
            if subprocess.call(step, env=apt_env, stdout=sys.stderr) != 0:
                stop("不能运行浏览器测试", "安装 " + " ".join(missing) + " 没有成功", "请检查网络后重试")
    elif missing == ["fonts-noto-cjk"]:
        say("没有找到中文字体，截图里的汉字会是方框。可安装：sudo " + install)
    else:
        stop("不能运行浏览器测试", "缺少 " + " ".join(missing), "请先安装：sudo " + install)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
