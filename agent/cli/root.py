"""The command `carpal` itself, on which every file of this folder hangs its own."""

import typer

commands = typer.Typer(
    help="A companion on the device you wear: it notices, remembers, answers, and lets nothing leave.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
