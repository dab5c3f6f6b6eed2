"""The engine of nn-explore: networks, backpropagation, reversible training, fits, linear regions.

    >>> import engine
    >>> trainer = engine.Trainer(engine.Experiment(dataset="circle", hidden=(4, 3)))
    >>> trainer.step(100).seek(50).step_count
    50

It can be used alone, from a script or a notebook. It prints nothing and loads only NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.data.dataset import Dataset, Scale
from engine.data.datasets import load_dataset
from engine.data.source import DATASETS
from engine.errors import (
    DataError,
    EngineError,
    ExperimentError,
    NotAffineError,
    NotPiecewiseLinearError,
    ShapeError,
)
from engine.glm.glm import glm
from engine.network.affine import AffineMap, affine_at
from engine.network.backprop import BackwardPass, backpropagate
from engine.network.gradient_check import GradientCheck, gradient_check, gradient_error
from engine.network.network import ForwardPass, Network
from engine.network.structure.convolutions import toeplitz
from engine.regions.hidden_units import Inequality
from engine.regions.plane import Plane
from engine.regions.region_map import RegionMap, linear_regions
from engine.training.experiment import Experiment, Settings
from engine.training.microsteps import MicroStep, TrainingStep
from engine.training.record.history import History
from engine.training.record.state import Divergence, Event, State
from engine.training.trainer import Trainer

if TYPE_CHECKING:
    from engine.approximation.bumps import bumps, sigmoid_steps
    from engine.approximation.knot_fit import KnotFit, LastLayerFit, fit_knots, fit_last_layer
    from engine.approximation.knot_search import best_knots
    from engine.approximation.relu import relu_interpolant
    from engine.approximation.sweep import width_sweep
    from engine.approximation.units import contributions
    from engine.comparison.anova import anova, drop_one
    from engine.comparison.compare import compare
    from engine.comparison.table import AnovaRow, AnovaTable
    from engine.data.trials import ungrouped
    from engine.diagnostics import Diagnosis, DiagnosticTest, diagnose
    from engine.diagnostics.other_model import ModelDiagnosis, diagnose_model
    from engine.glm.density import density
    from engine.glm.deviance import deviance, saturated_cost
    from engine.glm.families import GLM_NETWORKS
    from engine.glm.fit import GlmFit
    from engine.glm.inference.overdispersion import Overdispersion
    from engine.glm.inference.prediction import InputAtMean
    from engine.glm.multinomial.fit import MultinomialFit
    from engine.glm.multinomial.multinomial import multinomial
    from engine.least_squares.affine_approximation import AffineApproximation, best_affine
    from engine.least_squares.inference.joint_test import JointTest
    from engine.least_squares.inference.prediction import Prediction
    from engine.least_squares.linearity import LinearIn, linear_in, reference_networks
    from engine.least_squares.ols import OlsFit, ols
    from engine.least_squares.polynomial import polynomial
    from engine.least_squares.polynomial_path import PolynomialPath, polynomial_path
    from engine.network.collapse import collapse
    from engine.network.linearity.weight_pair import WeightPairTable, weight_pair
    from engine.network.parameter_linearity import (
        mixed_derivatives,
        random_direction,
        second_difference,
    )
    from engine.network.worked.chain_rule import ChainRule, chain_rule
    from engine.network.worked.collapse_steps import CollapseStep, collapse_steps
    from engine.network.worked.gradient_vector import GradientVector, gradient_vector
    from engine.network.worked.slips import TriedSlip, slips
    from engine.network.worked.wrong_passes import SLIPS
    from engine.regions.bounds import BOUNDS, Bound, region_bounds
    from engine.regions.counting import count_regions
    from engine.regions.decisions import DecisionMap, Flip
    from engine.regions.far import FarPiece, far_piece
    from engine.regions.flip import nearest_flip
    from engine.regions.knots import Knots, knots
    from engine.regions.line import Walk, walk
    from engine.regions.neighbours import NeighbourDistance, neighbour_distance
    from engine.sampling.designs import SAMPLING_CASES
    from engine.sampling.network_sampling import NetworkSampling, network_sampling
    from engine.sampling.ols_coverage import OlsCoverage, ols_coverage, ols_coverage_steps
    from engine.terms.design import Design, computed, design
    from engine.terms.model_term import ModelTerm

__all__ = [
    "BOUNDS",
    "DATASETS",
    "GLM_NETWORKS",
    "SAMPLING_CASES",
    "SLIPS",
    "AffineApproximation",
    "AffineMap",
    "AnovaRow",
    "AnovaTable",
    "BackwardPass",
    "Bound",
    "ChainRule",
    "CollapseStep",
    "DataError",
    "Dataset",
    "DecisionMap",
    "Design",
    "Diagnosis",
    "DiagnosticTest",
    "Divergence",
    "EngineError",
    "Event",
    "Experiment",
    "ExperimentError",
    "FarPiece",
    "Flip",
    "ForwardPass",
    "GlmFit",
    "GradientCheck",
    "GradientVector",
    "History",
    "Inequality",
    "InputAtMean",
    "JointTest",
    "KnotFit",
    "Knots",
    "LastLayerFit",
    "LinearIn",
    "MicroStep",
    "ModelDiagnosis",
    "ModelTerm",
    "MultinomialFit",
    "NeighbourDistance",
    "Network",
    "NetworkSampling",
    "NotAffineError",
    "NotPiecewiseLinearError",
    "OlsCoverage",
    "OlsFit",
    "Overdispersion",
    "Plane",
    "PolynomialPath",
    "Prediction",
    "RegionMap",
    "Scale",
    "Settings",
    "ShapeError",
    "State",
    "Trainer",
    "TrainingStep",
    "TriedSlip",
    "Walk",
    "WeightPairTable",
    "affine_at",
    "anova",
    "backpropagate",
    "best_affine",
    "best_knots",
    "bumps",
    "chain_rule",
    "collapse",
    "collapse_steps",
    "compare",
    "computed",
    "contributions",
    "count_regions",
    "density",
    "design",
    "deviance",
    "diagnose",
    "diagnose_model",
    "drop_one",
    "far_piece",
    "fit_knots",
    "fit_last_layer",
    "glm",
    "gradient_check",
    "gradient_error",
    "gradient_vector",
    "knots",
    "linear_in",
    "linear_regions",
    "load_dataset",
    "mixed_derivatives",
    "multinomial",
    "nearest_flip",
    "neighbour_distance",
    "network_sampling",
    "ols",
    "ols_coverage",
    "ols_coverage_steps",
    "polynomial",
    "polynomial_path",
    "random_direction",
    "reference_networks",
    "region_bounds",
    "relu_interpolant",
    "saturated_cost",
    "second_difference",
    "sigmoid_steps",
    "slips",
    "toeplitz",
    "ungrouped",
    "walk",
    "weight_pair",
    "width_sweep",
]


LAZY = {
    "engine.comparison.anova": ("anova", "drop_one"),
    "engine.comparison.compare": ("compare",),
    "engine.comparison.table": ("AnovaRow", "AnovaTable"),
    "engine.glm.inference.overdispersion": ("Overdispersion",),
    "engine.glm.inference.prediction": ("InputAtMean",),
    "engine.glm.multinomial.fit": ("MultinomialFit",),
    "engine.glm.multinomial.multinomial": ("multinomial",),
    "engine.least_squares.inference.joint_test": ("JointTest",),
    "engine.least_squares.inference.prediction": ("Prediction",),
    "engine.approximation.bumps": ("bumps", "sigmoid_steps"),
    "engine.approximation.knot_fit": ("KnotFit", "LastLayerFit", "fit_knots", "fit_last_layer"),
    "engine.approximation.knot_search": ("best_knots",),
    "engine.approximation.relu": ("relu_interpolant",),
    "engine.approximation.sweep": ("width_sweep",),
    "engine.approximation.units": ("contributions",),
    "engine.data.trials": ("ungrouped",),
    "engine.diagnostics": ("Diagnosis", "DiagnosticTest", "diagnose"),
    "engine.diagnostics.other_model": ("ModelDiagnosis", "diagnose_model"),
    "engine.glm.density": ("density",),
    "engine.glm.deviance": ("deviance", "saturated_cost"),
    "engine.glm.families": ("GLM_NETWORKS",),
    "engine.glm.fit": ("GlmFit",),
    "engine.least_squares.affine_approximation": ("AffineApproximation", "best_affine"),
    "engine.least_squares.linearity": ("LinearIn", "linear_in", "reference_networks"),
    "engine.least_squares.ols": ("OlsFit", "ols"),
    "engine.least_squares.polynomial": ("polynomial",),
    "engine.least_squares.polynomial_path": ("PolynomialPath", "polynomial_path"),
    "engine.network.collapse": ("collapse",),
    "engine.network.linearity.weight_pair": ("WeightPairTable", "weight_pair"),
    "engine.network.parameter_linearity": (
        "mixed_derivatives",
        "random_direction",
        "second_difference",
    ),
    "engine.network.worked.chain_rule": ("ChainRule", "chain_rule"),
    "engine.network.worked.collapse_steps": ("CollapseStep", "collapse_steps"),
    "engine.network.worked.gradient_vector": ("GradientVector", "gradient_vector"),
    "engine.network.worked.slips": ("TriedSlip", "slips"),
    "engine.network.worked.wrong_passes": ("SLIPS",),
    "engine.regions.bounds": ("BOUNDS", "Bound", "region_bounds"),
    "engine.regions.counting": ("count_regions",),
    "engine.regions.decisions": ("DecisionMap", "Flip"),
    "engine.regions.far": ("FarPiece", "far_piece"),
    "engine.regions.flip": ("nearest_flip",),
    "engine.regions.knots": ("Knots", "knots"),
    "engine.regions.line": ("Walk", "walk"),
    "engine.regions.neighbours": ("NeighbourDistance", "neighbour_distance"),
    "engine.sampling.designs": ("SAMPLING_CASES",),
    "engine.sampling.network_sampling": ("NetworkSampling", "network_sampling"),
    "engine.sampling.ols_coverage": ("OlsCoverage", "ols_coverage", "ols_coverage_steps"),
    "engine.terms.design": ("Design", "computed", "design"),
    "engine.terms.model_term": ("ModelTerm",),
}
MODULES = {name: module for module, names in LAZY.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what a run does not need on first access (PEP 562)."""
    if name in MODULES:
        return getattr(import_module(MODULES[name]), name)
    raise AttributeError(f"module 'engine' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *MODULES]
