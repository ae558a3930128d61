"""The bilan, in three stages: compose (frozen dataclasses) → publish (a version that never changes) → render (PDF)."""
