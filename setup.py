"""Build into the package what it reads beside its code: questionnaires, notebooks, the demo."""

import importlib.util
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CHECKOUT = Path(__file__).parent


def shipped_files():
    """Ask `jq_models.shipped` without importing the package, whose requirements are not there yet."""
    spec = importlib.util.spec_from_file_location("shipped", CHECKOUT / "jq_models" / "shipped.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.shipped_files(CHECKOUT)


class BuildWithFiles(build_py):
    """Copies them to ``jq_models/packaged`` of the build; the checkout keeps one copy, its own."""

    def run(self):
        super().run()
        if not self.editable_mode:  # an editable install reads the checkout
            for path in shipped_files():
                target = Path(self.build_lib, "jq_models", "packaged", path)
                self.mkpath(str(target.parent))
                self.copy_file(str(CHECKOUT / path), str(target))


setup(cmdclass={"build_py": BuildWithFiles})
