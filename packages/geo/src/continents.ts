/** The continents by the names that configurations use: their two-letter codes are taken by countries (AF, AS, NA, SA). */
export const CONTINENTS = [
  'africa',
  'antarctica',
  'asia',
  'europe',
  'north-america',
  'oceania',
  'south-america',
] as const

export type Continent = (typeof CONTINENTS)[number]

/** The continent of a country, ISO 3166-1 alpha-2 in upper case; undefined for a code that is not known. */
export function continentOf(country: string): Continent | undefined {
  return CONTINENT_OF.get(country)
}

/** The code of a country's continent as MaxMind and DB-IP write it; '' for a country code that is not known. */
export function continentCode(country: string): string {
  const continent = CONTINENT_OF.get(country)
  return continent === undefined ? '' : CONTINENT_CODES[continent]
}

/** The codes of the continents, as databases write them. */
export const CONTINENT_CODES: Readonly<Record<Continent, string>> = {
  africa: 'AF',
  antarctica: 'AN',
  asia: 'AS',
  europe: 'EU',
  'north-america': 'NA',
  oceania: 'OC',
  'south-america': 'SA',
}

/**
 * As the United Nations' geoscheme (M49) divides the world, with the Americas in two at Panama's border and the Caribbean
 * in the north. Antarctica has what M49 leaves out: nobody's clients.
 */
const COUNTRIES: Readonly<Record<Continent, string>> = {
  africa:
    'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW',
  antarctica: 'AQ BV GS HM',
  asia: 'AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE',
  europe:
    'AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK',
  'north-america':
    'AG AI AN AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT US VC VG VI',
  oceania: 'AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS',
  'south-america': 'AR BO BR CL CO EC FK GF GY PE PY SR UY VE',
}

const CONTINENT_OF: ReadonlyMap<string, Continent> = new Map(
  CONTINENTS.flatMap((continent) => COUNTRIES[continent].split(' ').map((code) => [code, continent] as const)),
)
