"""The Debian package of this tree, made of what is built already."""
import os
import re
import subprocess
import sys

from plenary import BINARY, ROOT

BUILD = os.path.dirname(BINARY)


class Built:
    """Packages of this tree, each version made once unless `again`."""
    made = {}

    @classmethod
    def package(cls, version=None, again=False):
        if version not in cls.made or again:
            # Another file of tests may be at the same.
            program = os.path.splitext(os.path.basename(sys.argv[0]))[0]
            output = os.path.join(ROOT, "test-results", f"{program}-package{'-again' if again else ''}")
            os.makedirs(output, exist_ok=True)
            options = ["--version", version] if version else []
            result = subprocess.run([os.path.join(ROOT, "packaging", "build"), "--as-built", BUILD, "--output", output, *options],
                                    capture_output=True, text=True, timeout=300)
            assert result.returncode == 0, result.stdout + result.stderr
            cls.made[version] = result.stdout.splitlines()[-1]
        return cls.made[version]


def version_of_tree():
    with open(os.path.join(ROOT, "meson.build"), encoding="utf-8") as file:
        return re.search(r"version: '([^']+)'", file.read()).group(1)
