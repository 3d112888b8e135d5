"""The published series of the sample county, grouped by the outcome they serve.

Where a dataset and an indicator bear the name of a real one, only the name and the layout are
the same; every figure is invented. The planted features are listed in data/README.md.
"""

from generator.model import (
    ACADEMIC,
    FINANCIAL,
    POOLED,
    Series,
    in_quarters,
    on_day,
    quarter,
    stall,
    steady,
    step,
    survey_day,
    year_from,
)

UNITS = {
    "percent": ("Percentage", "%"),
    "years": ("Years", "Years"),
    "per 1,000 girls": ("Rate", "per 1,000 girls aged 15 to 17"),
    "per 100,000 people": ("Rate", "per 100,000 people"),
    "per 1,000 people": ("Rate", "per 1,000 people"),
    "per 10,000 children": ("Rate", "per 10,000 children"),
    "per 100,000 children": ("Rate", "per 100,000 children"),
    "per 1,000 homes": ("Rate", "per 1,000 homes"),
    "incidents": ("Number of incidents", "Number of incidents"),
    "pounds": ("Pounds", "£"),
    "minutes": ("Minutes", "mins"),
    "kilograms": ("Weight", "kg per household"),
    "kilowatt hours": ("Consumption", "kWh per meter point"),
}
"""The words for a unit in the columns `measure` and `unit`."""

SERIES = (
    # 1 Children get the best start in life
    Series(
        "early-years", "Communication and language",
        "Percentage of 5 year olds at the expected level in communication and language",
        "percent", steady(79.2, 0.1), 2021, 2024, ACADEMIC, spread=2.6, need=-0.7,
    ),
    Series(
        "early-years", "Literacy",
        "Percentage of 5 year olds at the expected level in literacy",
        "percent", steady(68.4, 0.7), 2021, 2024, ACADEMIC, spread=3.2, need=-0.7,
    ),
    Series(
        "early-years", "Mathematics",
        "Percentage of 5 year olds at the expected level in mathematics",
        "percent", steady(76.6, 0.3), 2021, 2024, ACADEMIC, spread=2.9, need=-0.7,
    ),
    # Two years are missing and the method changed after them, so there are two short stretches.
    Series(
        "good-level-of-development", "Good level of development",
        "Percentage of 5 year olds with a good level of development",
        "percent", step(69.8, 0.6, 5, -7.5), 2016, 2024, ACADEMIC, spread=3.0, need=-0.7,
        missing=(2019, 2020),
        break_note=(2021, "Break in series: the assessment changed in September 2021"),
        caveat="No assessments were made in 2019/20 and 2020/21.",
    ),
    # A steady rise.
    Series(
        "families-in-temporary-accommodation", "Families in temporary accommodation",
        "Percentage of households with children that live in temporary accommodation",
        "percent", steady(0.9, 0.14), 2016, 2024, FINANCIAL, spread=0.25, need=0.7, drift=0.015,
        noise=0.03, decimals=2,
    ),
    # 2 People enjoy good health and wellbeing
    # Published for counties, regions and the nation, not for districts.
    Series(
        "gap-in-life-expectancy", "Gap in life expectancy at birth",
        "Years of life expectancy at birth between the districts with the longest and the shortest",
        "years", steady(6.4, 0.06), 2014, 2022, POOLED, spread=1.1, need=0.5, noise=0.15,
        error=0.7, districts=False,
    ),
    Series(
        "pupils-at-expected-standards-by-end-of-primary-school",
        "Pupils meeting the expected standard in reading, writing and maths",
        "Percentage of pupils at the expected standard in reading, writing and maths",
        "percent", steady(63.5, -0.4), 2018, 2024, ACADEMIC, spread=3.6, need=-0.6, noise=1.0,
        missing=(2019, 2020), caveat="No assessments were made in 2019/20 and 2020/21.",
    ),
    # The gap between districts widens.
    Series(
        "gcses-in-english-and-maths", "GCSEs in English and Maths",
        "Percentage of pupils with GCSEs in English and Maths by age 19",
        "percent", steady(70.4, 0.25), 2015, 2024, ACADEMIC, spread=2.4, need=-0.85,
        noise=0.5, widening=0.18,
    ),
    # A survey with wide intervals; one value is not available.
    Series(
        "employment-rate", "Employment rate",
        "Percentage of people aged 16 to 64 in employment",
        "percent", steady(73.6, 0.15), 2013, 2023, spread=2.4, need=-0.7, noise=0.4, sample=420,
        blank={("X07000006", 2023): "x"}, caveat="The survey is paused after 2023.",
    ),
    Series(
        "adult-obesity-prevalence", "Adult obesity prevalence",
        "Percentage of adults aged 18 and over classified as living with obesity",
        "percent", steady(23.8, 0.42), 2016, 2024, year_from("11-16"), spread=2.8, need=0.7,
        noise=0.4, sample=1000,
    ),
    # A snapshot: one period only.
    Series(
        "residents-in-good-health", "Residents in good health",
        "Percentage of residents who say that their health is good or very good",
        "percent", steady(81.6, 0), 2021, 2021, on_day("03-21"), spread=2.3, need=-0.8,
        sample=900,
    ),
    # A break: the method changed in 2019.
    Series(
        "fuel-poverty", "Fuel poverty",
        "Percentage of households that cannot keep warm at a reasonable cost",
        "percent", step(10.6, -0.1, 5, 4.2), 2014, 2024, spread=1.2, need=0.6, noise=0.25,
        break_note=(2019, "Break in series: the definition changed in 2019"),
    ),
    # A steady fall; the values of two districts are withheld in the latest year.
    Series(
        "under-18-conceptions", "Under-18 conceptions",
        "Conceptions of girls aged under 18, for every 1,000 girls aged 15 to 17",
        "per 1,000 girls", steady(26.0, -1.25), 2013, 2024, spread=2.9, need=0.75,
        noise=0.6, blank={("X07000003", 2024): "c", ("X07000011", 2024): "c"},
        caveat="Numbers below 5 are withheld.",
    ),
    # 3 People have aspirations and achieve their ambitions
    Series(
        "further-education-and-skills-participation", "Further education and skills participation",
        "Adults aged 19 and over in further education and skills, for every 100,000 people",
        "per 100,000 people", steady(4720, 85), 2017, 2024, year_from("08-01"),
        spread=620, need=0.5, drift=25, noise=110, decimals=0,
    ),
    Series(
        "volunteering", "Volunteering",
        "Percentage of adults who volunteered in the last 12 months",
        "percent", steady(24.0, -0.3), 2017, 2024, FINANCIAL, spread=2.5, need=-0.5, noise=0.5,
        sample=300,
    ),
    # A stall: a rise, then flat from 2018 on.
    Series(
        "children-in-good-schools", "Children in good schools",
        "Percentage of pupils in schools judged good or outstanding",
        "percent", stall(72.5, 3.3, 4), 2014, 2024, on_day("08-31"), spread=3.1, need=-0.4,
        noise=0.5,
    ),
    # 4 People live in safe communities and are protected from harm
    # One district is much worse than the rest.
    Series(
        "recorded-crime", "Recorded crime",
        "Crimes recorded by the police, for every 1,000 people",
        "per 1,000 people", steady(67.0, 0.9), 2016, 2024, FINANCIAL, spread=8.5, need=0.7,
        noise=1.8, worst=("X07000007", 48.0),
    ),
    # Published for counties, regions and the nation, not for districts.
    Series(
        "children-in-care", "Children in care",
        "Children looked after by the council on 31 March, for every 10,000 children",
        "per 10,000 children", steady(59.0, 0.8), 2013, 2024, on_day("03-31"), spread=9.0,
        need=0.7, noise=1.2, decimals=0, districts=False,
    ),
    # Three years pooled; a new period starts every year, so neighbours share two years.
    Series(
        "children-killed-or-seriously-injured", "Children killed or seriously injured on roads",
        "Children under 16 killed or seriously injured, for every 100,000 children and each year",
        "per 100,000 children", steady(19.5, -0.35), 2014, 2022, POOLED, spread=3.4, need=0.3,
        noise=0.8,
    ),
    # A year is missing in the middle of the series: 2020/21.
    Series(
        "residents-who-feel-safe", "Residents who feel safe",
        "Percentage of adults who feel safe outside after dark in their local area",
        "percent", steady(74.0, -0.1), 2016, 2024, FINANCIAL, spread=3.2, need=-0.6, noise=0.8,
        sample=350, missing=(2020,), caveat="Nobody was asked in 2020/21.",
    ),
    Series(
        "domestic-abuse", "Domestic abuse incidents",
        "Incidents of domestic abuse recorded by the police, for every 1,000 people",
        "per 1,000 people", stall(16.4, 0.9, 5), 2016, 2024, FINANCIAL, spread=2.2, need=0.75,
        noise=0.5,
    ),
    # Quarters without seasons: the county steps down once, and one district has one odd quarter.
    Series(
        "anti-social-behaviour", "Anti-social behaviour incidents",
        "Incidents of anti-social behaviour recorded by the police in the quarter, for every 1,000 "
        "people",
        "per 1,000 people", steady(7.2, 0), quarter(2018, 1), quarter(2024, 4), in_quarters,
        spread=1.1, need=0.7, noise=0.35, decimals=2, a_year=4,
        added=(
            ("X10000001", quarter(2022, 2), quarter(2024, 4), -0.6),
            ("X07000005", quarter(2023, 3), quarter(2023, 3), 2.4),
        ),
    ),
    # 5 Sustainable economic growth for communities and businesses
    # Snapshots on a day that moves from year to year.
    Series(
        "gross-median-weekly-pay", "Gross median weekly pay",
        "Gross median weekly pay based on where people live",
        "pounds", steady(446, 17), 2016, 2024, survey_day, spread=38, need=-0.6, noise=5,
        decimals=0, error=13.0,
    ),
    Series(
        "net-additions-to-the-housing-stock", "Net additions to the housing stock",
        "Homes added less homes lost, for every 1,000 homes",
        "per 1,000 homes", steady(7.2, 0.25), 2016, 2024, FINANCIAL, spread=1.6, need=-0.2,
        noise=1.9,
    ),
    # Late: the series stops in 2019.
    Series(
        "average-travel-time", "Drive to work",
        "Minutes to the nearest employment centre by car",
        "minutes", steady(11.4, 0.06), 2014, 2019, spread=1.7, need=-0.2, noise=0.2,
        missing=(2018,), caveat="There is no figure for 2018; the series stops in 2019.",
    ),
    Series(
        "average-travel-time", "Public transport or walk to work",
        "Minutes to the nearest employment centre by public transport or on foot",
        "minutes", steady(20.1, 0.3), 2014, 2019, spread=3.4, need=-0.3, noise=0.4,
        missing=(2018,), caveat="There is no figure for 2018; the series stops in 2019.",
    ),
    # 6 People experience a high quality and sustainable environment
    # The history of the renumbered district stands only under its old code.
    Series(
        "residual-waste", "Residual household waste",
        "Kilograms of household waste not reused, recycled or composted, for every household",
        "kilograms", steady(532, -6.5), 2016, 2024, FINANCIAL, spread=32, need=0.3, drift=0.8,
        noise=8, decimals=0, history_moved=False,
    ),
    Series(
        "domestic-electricity-consumption", "Electricity consumption",
        "Electricity used in a year by the household in the middle",
        "kilowatt hours", steady(3760, -58), 2017, 2024, year_from("02-01"), spread=210,
        need=-0.5, noise=35, decimals=0,
    ),
    Series(
        "domestic-gas-consumption", "Gas consumption",
        "Gas used in a year by the household in the middle",
        "kilowatt hours", steady(13300, -260), 2017, 2024, year_from("05-15"), spread=720,
        need=-0.4, noise=160, decimals=0,
    ),
    # A count: incidents, not a rate; counties are sums of their districts.
    Series(
        "preventable-flooding", "Preventable flooding incidents",
        "Number of incidents of flooding that could have been prevented",
        "incidents", steady(7.6, 0.15), 2015, 2024, FINANCIAL, spread=2.2, need=0.1, noise=0.8,
        decimals=0, count=True,
    ),
    # 7 People can live independently and exercise control over their lives
    Series(
        "adults-living-independently", "Adults living independently",
        "Percentage of adults with long-term support who live in their own home",
        "percent", steady(71.9, 0.6), 2016, 2024, FINANCIAL, spread=3.8, need=-0.4, drift=0.12,
        noise=0.9,
    ),
    Series(
        "regained-independence", "Older people who regained independence",
        "Percentage of people aged 65 and over still at home 91 days after leaving hospital",
        "percent", steady(81.8, 0.1), 2014, 2024, FINANCIAL, spread=2.4, need=-0.3, noise=0.8,
        districts=False,
    ),
    Series(
        "personal-budgets", "Personal budgets",
        "Percentage of people with long-term social care who have a personal budget",
        "percent", stall(70.0, 3.4, 4), 2016, 2024, FINANCIAL, spread=3.4, need=-0.2, noise=0.7,
    ),
)  # fmt: skip
"""Every published series, in the order of the outcomes."""
