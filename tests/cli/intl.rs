//! Numbers and dates as texts, and what a step is told that asks for more than English.

use crate::project::Project;

#[test]
fn english_numbers_and_dates_are_formatted() {
    Project::with_step(
        "When('it happens', () => {
           console.log((1234567.891).toLocaleString('en-US', { style: 'currency', currency: 'EUR' }));
           console.log(new Date(0).toLocaleString('en-GB', { timeZone: '+05:30' }));
         });",
    )
    .run(&[])
    .passes()
    .prints("€1,234,567.89\n01/01/1970, 05:30:00");
}

#[test]
fn another_locale_is_refused_by_name() {
    for call in [
        "(1.5).toLocaleString('de-DE')",
        "new Date(0).toLocaleDateString(['fr', 'nl'])",
        "new Intl.PluralRules('pl')",
        "'a'.localeCompare('b', 'sv')",
        "(1).toLocaleString('en-US-u-nu-thai')",
    ] {
        Project::with_step(&format!("When('it happens', () => {{ {call}; }});"))
            .run(&[])
            .fails()
            .prints("is not available in quickcuke: its Intl knows en, en-US, en-GB");
    }
}

#[test]
fn letters_that_another_locale_changes_are_not_changed_silently() {
    Project::with_step(
        "When('it happens', () => {
           console.log('Straße'.toLocaleUpperCase('de'), 'ABC'.toLocaleLowerCase());
           'i'.toLocaleUpperCase('tr-TR');
         });",
    )
    .run(&[])
    .fails()
    .prints("STRASSE abc")
    .prints("The locale \"tr-TR\" is not available in quickcuke: toLocaleUpperCase");
}

#[test]
fn an_unknown_time_zone_says_where_zones_are_looked_up() {
    Project::with_step(
        "When('it happens', () => new Date(0).toLocaleString('en-US', { timeZone: 'Nowhere/City' }));",
    )
    .run(&[])
    .fails()
    .prints("Invalid time zone specified: Nowhere/City (quickcuke looks zones up in /usr/share/zoneinfo");
}
