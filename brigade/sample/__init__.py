"""The sample: a synthetic county on the real village register."""

from pathlib import Path

from brigade.sample import (
    cameras,
    codes,
    crashes,
    driving_tests,
    duty,
    facilities,
    hall,
    hazards,
    ledger,
    offices,
    parties,
    places,
    programme,
    vehicles,
)
from brigade.sample.onsite import OnSite
from brigade.sample.violations import Violations


def generate(folder: Path, seed: int = 2022, scale: int = 1) -> None:
    """Write every extract as Parquet under ``folder``, one folder an extract.

    The same seed gives the same rows. ``scale`` multiplies the violations and nothing else; the
    rates against vehicles checked hold at scale 1 only.
    """
    county = places.load()
    fleet = vehicles.make_fleet(seed)
    campaigns = duty.make_campaigns(seed)
    shifts = duty.make_shifts(seed, county)
    law = codes.load()
    places.write_villages(folder)
    duty.write_campaigns(folder, campaigns)
    duty.write_shifts(folder, seed, county, shifts)
    Violations(
        seed=seed,
        scale=scale,
        codes=law,
        places=county,
        fleet=fleet,
        cameras=cameras.make_cameras(seed, county),
        campaigns=campaigns,
        on_site=OnSite(seed, scale, law, county, campaigns, shifts),
    ).write(folder)
    vehicles.write_vehicles(folder, seed, county, fleet)
    built = facilities.make_facilities(seed, county)
    facilities.write_facilities(folder, seed, county, built)
    happened = crashes.make_crashes(seed, county, built)
    parties.write_crashes(folder, seed, county, happened, parties.make_parties(seed, happened))
    programme.write_persuasion(folder, seed, county, built)
    programme.write_broadcasts(folder, seed, county, built)
    programme.write_outreach(folder, seed, county)
    hazards.write_hazards(folder, seed, county)
    hall.write_service(folder, seed)
    driving_tests.write_tests(folder, seed)
    offices.write_rescue(folder, seed, happened)
    offices.write_hotline(folder, seed, county)
    offices.write_training(folder, seed)
    ledger.write_ledger(folder, seed, county)
    ledger.write_targets(folder, county)
