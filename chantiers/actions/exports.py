"""Spreadsheets of the activities."""

from import_export.resources import Resource

from demarche.socle.classeurs import colonne


class ActiviteResource(Resource):  # type: ignore[misc]
    """One activity, with its action."""

    date = colonne("date", "Date")
    chantier = colonne("action_collective__chantier__nom", "Chantier")
    action_collective = colonne("action_collective__titre", "Action")
    titre = colonne("titre", "Activité")
    nb_personnes = colonne("nb_personnes", "Personnes rejointes")
    fiabilite = colonne("get_fiabilite_display", "Ce nombre est")
    nb_citoyens_responsables = colonne("nb_citoyens_responsables", "Citoyens responsables")
    nb_benevoles = colonne("nb_benevoles", "Bénévoles")
    heures_citoyennes = colonne("heures_citoyennes", "Heures citoyennes")
    heures_partenaires = colonne("heures_partenaires", "Heures de partenaires")
    note = colonne("note", "Note")
