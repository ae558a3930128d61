"""The sample démarche: a module per subject, the facts in `donnees/*.toml`, the living year dated from today."""
