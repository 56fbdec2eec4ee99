"""`auditlib size`: how many units a precision needs, and what a number of units achieves."""

import argparse
import json
from dataclasses import asdict

from auditlib.sampling.size import achieved_margin, sample_size

WORDS = {
    "n0": "simple random sample of an endless population",
    "n_deff": "× design effect",
    "n_fpc": "after the finite population",
    "n": "÷ expected response: units to draw",
    "achieved_margin": "half-width that the given number of answers keeps",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("--share", type=float, required=True, metavar="P", help="0.02 is 2 %%")
    parser.add_argument(
        "--margin", type=float, required=True, metavar="E", help="half-width; 0.01 is one point"
    )
    parser.add_argument("--population", type=int, metavar="N", help="without it: endless")
    parser.add_argument("--deff", type=float, default=1.0, metavar="D", help="design effect")
    parser.add_argument("--response", type=float, default=1.0, metavar="R", help="0 to 1")
    parser.add_argument("--level", type=float, default=0.95, metavar="L", help="confidence")
    parser.add_argument("--n", type=int, help="answers in hand: also print their margin")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def run(options: argparse.Namespace) -> int:
    """Print the chain from the wish to the number; 1 if `--n` misses the margin asked for."""
    chain = sample_size(
        options.share,
        options.margin,
        population=options.population,
        deff=options.deff,
        response=options.response,
        level=options.level,
    )
    figures: dict[str, float] = asdict(chain)
    missed = False
    if options.n is not None:
        achieved = achieved_margin(
            options.n,
            options.share,
            population=options.population,
            deff=options.deff,
            level=options.level,
        )
        figures["achieved_margin"] = achieved
        missed = achieved > options.margin
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        for name, value in figures.items():
            shown = f"{value:.4f}" if name == "achieved_margin" else f"{value:,.1f}"
            print(f"{name:16} {shown.removesuffix('.0'):>12}  {WORDS[name]}")
    return int(missed)
