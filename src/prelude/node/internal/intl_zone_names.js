// What English calls the time zones: name|abbreviation in American|in British, standard/summer (~ is " Standard Time/ Daylight Time"
// and ^ " Standard Time/ Summer Time" after the name), then the zones. From the Unicode CLDR by way of Node, as of 2025.

const TABLE = `
Greenwich Mean Time||:Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry Africa/Dakar Africa/Freetown Africa/Lome Africa/Monrovia Africa/Nouakchott Africa/Ouagadougou Africa/Sao_Tome America/Danmarkshavn Atlantic/Reykjavik Atlantic/St_Helena
East Africa Time||:Africa/Addis_Ababa Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala Africa/Mogadishu Africa/Nairobi Indian/Antananarivo Indian/Comoro Indian/Mayotte
Central European Standard Time||CET:Africa/Algiers Africa/Tunis
West Africa Time||:Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville Africa/Luanda Africa/Malabo Africa/Ndjamena Africa/Niamey Africa/Porto-Novo
Central Africa Time||:Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Juba Africa/Khartoum Africa/Kigali Africa/Lubumbashi Africa/Lusaka Africa/Maputo Africa/Windhoek
Eastern European^||EET/EEST:Africa/Cairo Asia/Beirut Asia/Famagusta Asia/Gaza Asia/Hebron Asia/Nicosia Europe/Athens Europe/Bucharest Europe/Chisinau Europe/Helsinki Europe/Kiev Europe/Mariehamn Europe/Riga Europe/Sofia Europe/Tallinn Europe/Vilnius
Central European^||CET/CEST:Africa/Ceuta Arctic/Longyearbyen Europe/Amsterdam Europe/Andorra Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Budapest Europe/Busingen Europe/Copenhagen Europe/Gibraltar Europe/Ljubljana Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Monaco Europe/Oslo Europe/Paris Europe/Podgorica Europe/Prague Europe/Rome Europe/San_Marino Europe/Sarajevo Europe/Skopje Europe/Stockholm Europe/Tirane Europe/Vaduz Europe/Vatican Europe/Vienna Europe/Warsaw Europe/Zagreb Europe/Zurich
South Africa Standard Time||:Africa/Johannesburg Africa/Maseru Africa/Mbabane
Eastern European Standard Time||EET:Africa/Tripoli Europe/Kaliningrad
Hawaii-Aleutian~|HAST/HADT|:America/Adak
Alaska~|AKST/AKDT|:America/Anchorage America/Juneau America/Metlakatla America/Nome America/Sitka America/Yakutat
Atlantic Standard Time|AST|:America/Anguilla America/Antigua America/Aruba America/Barbados America/Blanc-Sablon America/Curacao America/Dominica America/Grenada America/Guadeloupe America/Kralendijk America/Lower_Princes America/Marigot America/Martinique America/Montserrat America/Port_of_Spain America/Puerto_Rico America/Santo_Domingo America/St_Barthelemy America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent America/Tortola
Brasilia Standard Time||:America/Araguaina America/Bahia America/Belem America/Fortaleza America/Maceio America/Recife America/Santarem America/Sao_Paulo
Argentina Standard Time||:America/Argentina/La_Rioja America/Argentina/Rio_Gallegos America/Argentina/Salta America/Argentina/San_Juan America/Argentina/San_Luis America/Argentina/Tucuman America/Argentina/Ushuaia America/Buenos_Aires America/Catamarca America/Cordoba America/Jujuy America/Mendoza
Paraguay Standard Time||:America/Asuncion
Central Standard Time|CST|:America/Bahia_Banderas America/Belize America/Chihuahua America/Costa_Rica America/El_Salvador America/Guatemala America/Managua America/Merida America/Mexico_City America/Monterrey America/Regina America/Swift_Current America/Tegucigalpa
Amazon Standard Time||:America/Boa_Vista America/Campo_Grande America/Cuiaba America/Manaus America/Porto_Velho
Colombia Standard Time||:America/Bogota
Mountain~|MST/MDT|:America/Boise America/Cambridge_Bay America/Ciudad_Juarez America/Denver America/Edmonton America/Inuvik
Eastern Standard Time|EST|:America/Cancun America/Cayman America/Coral_Harbour America/Jamaica America/Panama
Venezuela Time||:America/Caracas
French Guiana Time||:America/Cayenne
Central~|CST/CDT|:America/Chicago America/Indiana/Knox America/Indiana/Tell_City America/Matamoros America/Menominee America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem America/Ojinaga America/Rankin_Inlet America/Resolute America/Winnipeg
Chile Summer Time||:America/Coyhaique
Mountain Standard Time|MST|:America/Creston America/Dawson_Creek America/Fort_Nelson America/Phoenix
Yukon Time||:America/Dawson America/Whitehorse
Eastern~|EST/EDT|:America/Detroit America/Grand_Turk America/Indiana/Marengo America/Indiana/Petersburg America/Indiana/Vevay America/Indiana/Vincennes America/Indiana/Winamac America/Indianapolis America/Iqaluit America/Kentucky/Monticello America/Louisville America/Nassau America/New_York America/Port-au-Prince America/Toronto
Acre Standard Time||:America/Eirunepe America/Rio_Branco
Atlantic~|AST/ADT|:America/Glace_Bay America/Goose_Bay America/Halifax America/Moncton America/Thule Atlantic/Bermuda
Greenland^||:America/Godthab America/Scoresbysund
Ecuador Time||:America/Guayaquil
Guyana Time||:America/Guyana
Cuba~||:America/Havana
Mexican Pacific Standard Time||:America/Hermosillo America/Mazatlan
Bolivia Time||:America/La_Paz
Peru Standard Time||:America/Lima
Pacific~|PST/PDT|:America/Los_Angeles America/Tijuana America/Vancouver
St. Pierre & Miquelon~||:America/Miquelon
Uruguay Standard Time||:America/Montevideo
Fernando de Noronha Standard Time||:America/Noronha
Suriname Time||:America/Paramaribo
Chile^||:America/Santiago
Newfoundland~||:America/St_Johns
Australian Western Standard Time||:Antarctica/Casey Australia/Perth
Davis Time||:Antarctica/Davis
Dumont d’Urville Time||:Antarctica/DumontDUrville
Australian Eastern~||:Antarctica/Macquarie Australia/Hobart Australia/Melbourne Australia/Sydney
Mawson Time||:Antarctica/Mawson
New Zealand~||:Antarctica/McMurdo Pacific/Auckland
Rothera Time||:Antarctica/Rothera
Syowa Time||:Antarctica/Syowa
Greenwich Mean Time/GMT+02:00||:Antarctica/Troll
Vostok Time||:Antarctica/Vostok
Arabian Standard Time||:Asia/Aden Asia/Baghdad Asia/Bahrain Asia/Kuwait Asia/Qatar Asia/Riyadh
Kazakhstan Time||:Asia/Almaty Asia/Aqtau Asia/Aqtobe Asia/Atyrau Asia/Oral Asia/Qostanay Asia/Qyzylorda
Kamchatka Standard Time||:Asia/Anadyr Asia/Kamchatka
Turkmenistan Standard Time||:Asia/Ashgabat
Azerbaijan Standard Time||:Asia/Baku
Indochina Time||:Asia/Bangkok Asia/Phnom_Penh Asia/Saigon Asia/Vientiane
Krasnoyarsk Standard Time||:Asia/Barnaul Asia/Krasnoyarsk Asia/Novokuznetsk Asia/Novosibirsk Asia/Tomsk
Kyrgyzstan Time||:Asia/Bishkek
Brunei Time||:Asia/Brunei
India Standard Time||:Asia/Calcutta Asia/Colombo
Yakutsk Standard Time||:Asia/Chita Asia/Khandyga Asia/Yakutsk
Bangladesh Standard Time||:Asia/Dhaka
Timor-Leste Time||:Asia/Dili
Gulf Standard Time||GST:Asia/Dubai Asia/Muscat
Tajikistan Time||:Asia/Dushanbe
Hong Kong Standard Time||:Asia/Hong_Kong
Khovd Standard Time||:Asia/Hovd
Irkutsk Standard Time||:Asia/Irkutsk
Western Indonesia Time||:Asia/Jakarta Asia/Pontianak
Eastern Indonesia Time||:Asia/Jayapura
Israel~||:Asia/Jerusalem
Afghanistan Time||:Asia/Kabul
Pakistan Standard Time||:Asia/Karachi
Nepal Time||:Asia/Katmandu
Malaysia Time||:Asia/Kuala_Lumpur Asia/Kuching
China Standard Time||:Asia/Macau Asia/Shanghai
Magadan Standard Time||:Asia/Magadan Asia/Sakhalin Asia/Srednekolymsk
Central Indonesia Time||:Asia/Makassar
Philippine Standard Time||:Asia/Manila
Omsk Standard Time||:Asia/Omsk
Korean Standard Time||:Asia/Pyongyang Asia/Seoul
Myanmar Time||:Asia/Rangoon
Uzbekistan Standard Time||:Asia/Samarkand Asia/Tashkent
Singapore Standard Time||:Asia/Singapore
Taiwan Standard Time||:Asia/Taipei
Georgia Standard Time||:Asia/Tbilisi
Iran Standard Time||:Asia/Tehran
Bhutan Time||:Asia/Thimphu
Japan Standard Time||:Asia/Tokyo
Ulaanbaatar Standard Time||:Asia/Ulaanbaatar
Vladivostok Standard Time||:Asia/Ust-Nera Asia/Vladivostok
Yekaterinburg Standard Time||:Asia/Yekaterinburg
Armenia Standard Time||:Asia/Yerevan
Azores^||:Atlantic/Azores
Western European^||WET/WEST:Atlantic/Canary Atlantic/Faeroe Atlantic/Madeira Europe/Lisbon
Cape Verde Standard Time||:Atlantic/Cape_Verde
South Georgia Time||:Atlantic/South_Georgia
Falkland Islands Standard Time||:Atlantic/Stanley
Australian Central~||:Australia/Adelaide Australia/Broken_Hill
Australian Eastern Standard Time||:Australia/Brisbane Australia/Lindeman
Australian Central Standard Time||:Australia/Darwin
Australian Central Western Standard Time||:Australia/Eucla
Lord Howe~||:Australia/Lord_Howe
Samara Standard Time||:Europe/Astrakhan Europe/Samara Europe/Saratov Europe/Ulyanovsk
Greenwich Mean Time/Irish Standard Time|GMT/GMT+1|:Europe/Dublin
Greenwich Mean Time/GMT+01:00||:Europe/Guernsey Europe/Isle_of_Man Europe/Jersey
Türkiye Standard Time||:Europe/Istanbul
Moscow Standard Time||:Europe/Kirov Europe/Minsk Europe/Moscow Europe/Simferopol Europe/Volgograd
Greenwich Mean Time/British Summer Time|GMT/GMT+1|GMT/BST:Europe/London
Indian Ocean Time||:Indian/Chagos
Christmas Island Time||:Indian/Christmas
Cocos Islands Time||:Indian/Cocos
French Southern & Antarctic Time||:Indian/Kerguelen
Seychelles Time||:Indian/Mahe
Maldives Time||:Indian/Maldives
Mauritius Standard Time||:Indian/Mauritius
Réunion Time||:Indian/Reunion
Samoa Standard Time||:Pacific/Apia
Chatham~||:Pacific/Chatham
Easter Island^||:Pacific/Easter
Vanuatu Standard Time||:Pacific/Efate
Phoenix Islands Time||:Pacific/Enderbury
Tokelau Time||:Pacific/Fakaofo
Fiji Standard Time||:Pacific/Fiji
Tuvalu Time||:Pacific/Funafuti
Galapagos Time||:Pacific/Galapagos
Gambier Time||:Pacific/Gambier
Solomon Islands Time||:Pacific/Guadalcanal
Chamorro Standard Time||:Pacific/Guam Pacific/Saipan
Hawaii-Aleutian Standard Time|HST|:Pacific/Honolulu
Line Islands Time||:Pacific/Kiritimati
Kosrae Time||:Pacific/Kosrae
Marshall Islands Time||:Pacific/Kwajalein Pacific/Majuro
Marquesas Time||:Pacific/Marquesas
American Samoa Standard Time||:Pacific/Midway Pacific/Pago_Pago
Nauru Time||:Pacific/Nauru
Niue Time||:Pacific/Niue
Norfolk Island~||:Pacific/Norfolk
New Caledonia Standard Time||:Pacific/Noumea
Palau Time||:Pacific/Palau
Pitcairn Time||:Pacific/Pitcairn
Pohnpei Time||:Pacific/Ponape
Papua New Guinea Time||:Pacific/Port_Moresby
Cook Islands Standard Time||:Pacific/Rarotonga
Tahiti Time||:Pacific/Tahiti
Gilbert Islands Time||:Pacific/Tarawa
Tonga Standard Time||:Pacific/Tongatapu
Chuuk Time||:Pacific/Truk
Wake Island Time||:Pacific/Wake
Wallis & Futuna Time||:Pacific/Wallis`;

let zones; // name of a zone to its line's head
function find(zone) {
  zones ??= new Map(TABLE.trim().split('\n').flatMap(line => {
    const at = line.indexOf(':');
    return line.slice(at + 1).split(' ').map(name => [name, line.slice(0, at)]);
  }));
  return zones.get(zone)?.split('|');
}
const pick = (text, isSummer) => (text.includes('/') ? text.split('/')[isSummer ? 1 : 0] : text);

/** The name of a zone, or `undefined` where English has none and the offset stands for it. */
function zoneName(zone, width, isSummer, locale) {
  const found = find(zone);
  if (found === undefined) return undefined;
  const [names, american, british] = found;
  if (width === 'long') {
    return pick(names.replace(/~$/, ' Standard Time/$& Daylight Time').replace(/\^$/, ' Standard Time/$& Summer Time')
      .replace(/^(.*) Standard Time\/[~^]/, '$1 Standard Time/$1'), isSummer);
  }
  // Where the British line is empty it is the American one, unless that names a zone of America.
  return pick(locale === 'en-GB' ? british : american, isSummer) || undefined;
}

module.exports = { zoneName, zoneNames: () => { find(''); return [...zones.keys()].sort(); } };
