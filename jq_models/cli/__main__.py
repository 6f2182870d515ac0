"""``python -m jq_models.cli``."""

from jq_models.cli import app

if __name__ == "__main__":
    app(prog_name="jq-models")
