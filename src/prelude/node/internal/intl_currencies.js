// What English calls currencies: the code, digits after the point, symbol, narrow symbol (- is the code itself), the name for
// one and for more of it (+s: with an s). From the Unicode CLDR by way of Node.

const TABLE = `
AED 2 - - UAE dirham+s
AFN 0 - ؋ Afghan Afghani+s
ALL 0 - - Albanian lek/Albanian lekë
AMD 2 - ֏ Armenian dram+s
ANG 2 - - Netherlands Antillean guilder+s
AOA 2 - Kz Angolan kwanza+s
ARS 2 - $ Argentine peso+s
AUD 2 A$ $ Australian dollar+s
AWG 2 - - Aruban florin
AZN 2 - ₼ Azerbaijani manat+s
BAM 2 - KM Bosnia-Herzegovina convertible mark+s
BBD 2 - $ Barbadian dollar+s
BDT 2 - ৳ Bangladeshi taka+s
BGN 2 - - Bulgarian lev/Bulgarian leva
BHD 3 - - Bahraini dinar+s
BIF 0 - - Burundian franc+s
BMD 2 - $ Bermudan dollar+s
BND 2 - $ Brunei dollar+s
BOB 2 - Bs Bolivian boliviano+s
BRL 2 R$ R$ Brazilian real+s
BSD 2 - $ Bahamian dollar+s
BTN 2 - - Bhutanese ngultrum+s
BWP 2 - P Botswanan pula+s
BYN 2 - - Belarusian ruble+s
BZD 2 - $ Belize dollar+s
CAD 2 CA$ $ Canadian dollar+s
CDF 2 - - Congolese franc+s
CHF 2 - - Swiss franc+s
CLP 0 - $ Chilean peso+s
CNY 2 CN¥ ¥ Chinese yuan
COP 0 - $ Colombian peso+s
CRC 2 - ₡ Costa Rican colón+s
CUC 2 - $ Cuban convertible peso+s
CUP 2 - $ Cuban peso+s
CVE 2 - - Cape Verdean escudo+s
CZK 2 - Kč Czech koruna+s
DJF 0 - - Djiboutian franc+s
DKK 2 - kr Danish krone/Danish kroner
DOP 2 - $ Dominican peso+s
DZD 2 - - Algerian dinar+s
EGP 2 - E£ Egyptian pound+s
ERN 2 - - Eritrean nakfa+s
ETB 2 - - Ethiopian birr+s
EUR 2 € € euro+s
FJD 2 - $ Fijian dollar+s
FKP 2 - £ Falkland Islands pound+s
GBP 2 £ £ British pound+s
GEL 2 - ₾ Georgian lari+s
GHS 2 - GH₵ Ghanaian cedi+s
GIP 2 - £ Gibraltar pound+s
GMD 2 - - Gambian dalasi+s
GNF 0 - FG Guinean franc+s
GTQ 2 - Q Guatemalan quetzal+s
GYD 2 - $ Guyanaese dollar+s
HKD 2 HK$ $ Hong Kong dollar+s
HNL 2 - L Honduran lempira+s
HRK 2 - kn Croatian kuna+s
HTG 2 - - Haitian gourde+s
HUF 0 - Ft Hungarian forint+s
IDR 0 - Rp Indonesian rupiah+s
ILS 2 ₪ ₪ Israeli new shekel+s
INR 2 ₹ ₹ Indian rupee+s
IQD 0 - - Iraqi dinar+s
IRR 0 - - Iranian rial+s
ISK 0 - kr Icelandic króna/Icelandic krónur
JMD 2 - $ Jamaican dollar+s
JOD 3 - - Jordanian dinar+s
JPY 0 ¥ ¥ Japanese yen
KES 2 - - Kenyan shilling+s
KGS 2 - ⃀ Kyrgyz som+s
KHR 2 - ៛ Cambodian riel+s
KMF 0 - CF Comorian franc+s
KPW 0 - ₩ North Korean won
KRW 0 ₩ ₩ South Korean won
KWD 3 - - Kuwaiti dinar+s
KYD 2 - $ Cayman Islands dollar+s
KZT 2 - ₸ Kazakhstani tenge+s
LAK 0 - ₭ Laotian kip+s
LBP 0 - L£ Lebanese pound+s
LKR 2 - Rs Sri Lankan rupee+s
LRD 2 - $ Liberian dollar+s
LSL 2 - - Lesotho loti+s
LYD 3 - - Libyan dinar+s
MAD 2 - - Moroccan dirham+s
MDL 2 - - Moldovan leu/Moldovan lei
MGA 0 - Ar Malagasy ariary/Malagasy ariaries
MKD 2 - - Macedonian denar/Macedonian denari
MMK 0 - K Myanmar kyat+s
MNT 2 - ₮ Mongolian tugrik+s
MOP 2 - - Macanese pataca+s
MRU 2 - - Mauritanian ouguiya+s
MUR 2 - Rs Mauritian rupee+s
MVR 2 - - Maldivian rufiyaa+s
MWK 2 - - Malawian kwacha+s
MXN 2 MX$ $ Mexican peso+s
MYR 2 - RM Malaysian ringgit+s
MZN 2 - - Mozambican metical+s
NAD 2 - $ Namibian dollar+s
NGN 2 - ₦ Nigerian naira+s
NIO 2 - C$ Nicaraguan córdoba+s
NOK 2 - kr Norwegian krone/Norwegian kroner
NPR 2 - Rs Nepalese rupee+s
NZD 2 NZ$ $ New Zealand dollar+s
OMR 3 - - Omani rial+s
PAB 2 - - Panamanian balboa+s
PEN 2 - - Peruvian sol/Peruvian soles
PGK 2 - - Papua New Guinean kina
PHP 2 ₱ ₱ Philippine peso+s
PKR 0 - Rs Pakistani rupee+s
PLN 2 - zł Polish zloty+s
PYG 0 - ₲ Paraguayan guarani+s
QAR 2 - - Qatari riyal+s
RON 2 - lei Romanian leu/Romanian lei
RSD 2 - - Serbian dinar+s
RUB 2 - ₽ Russian ruble+s
RWF 0 - RF Rwandan franc+s
SAR 2 - - Saudi riyal+s
SBD 2 - $ Solomon Islands dollar+s
SCR 2 - - Seychellois rupee+s
SDG 2 - - Sudanese pound+s
SEK 2 - kr Swedish krona/Swedish kronor
SGD 2 - $ Singapore dollar+s
SHP 2 - £ St. Helena pound+s
SLE 2 - - Sierra Leonean leone+s
SLL 0 - - Sierra Leonean leone (1964—2022)/Sierra Leonean leones (1964—2022)
SOS 0 - - Somali shilling+s
SRD 2 - $ Surinamese dollar+s
SSP 2 - £ South Sudanese pound+s
STN 2 - Db São Tomé & Príncipe dobra+s
SVC 2 - - Salvadoran colón/Salvadoran colones
SYP 0 - £ Syrian pound+s
SZL 2 - - Swazi lilangeni/Swazi emalangeni
THB 2 - ฿ Thai baht
TJS 2 - - Tajikistani somoni+s
TMT 2 - - Turkmenistani manat
TND 3 - - Tunisian dinar+s
TOP 2 - T$ Tongan paʻanga
TRY 2 - ₺ Turkish lira/Turkish Lira
TTD 2 - $ Trinidad & Tobago dollar+s
TWD 2 NT$ $ New Taiwan dollar+s
TZS 2 - - Tanzanian shilling+s
UAH 2 - ₴ Ukrainian hryvnia+s
UGX 0 - - Ugandan shilling+s
USD 2 $ $ US dollar+s
UYU 2 - $ Uruguayan peso+s
UZS 2 - - Uzbekistani som
VES 2 - - Venezuelan bolívar+s
VND 0 ₫ ₫ Vietnamese dong
VUV 0 - - Vanuatu vatu+s
WST 2 - - Samoan tala
XAF 0 FCFA FCFA Central African CFA franc+s
XCD 2 EC$ $ East Caribbean dollar+s
XCG 2 Cg. Cg. Caribbean guilder+s
XDR 2 - - special drawing rights
XOF 0 F CFA F CFA West African CFA franc+s
XPF 0 CFPF CFPF CFP franc+s
XSU 2 - - Sucre+s
YER 0 - - Yemeni rial+s
ZAR 2 - R South African rand
ZMW 2 - ZK Zambian kwacha+s
ZWG 2 - - Zimbabwean gold
ZWL 2 - - Zimbabwean dollar (2009–2024)/Zimbabwean dollars (2009–2024)`;
// Where British English says another name.
const BRITISH = `
AFN Afghan afghani+s
BMD Bermudian dollar+s
BYN Belarusian rouble+s
ETB Ethiopian birr
LSL Lesotho loti/Lesotho maloti
MGA Malagasy ariary
MVR Maldivian rufiyaa
RUB Russian rouble+s
SHP St Helena pound+s
VUV Vanuatu vatu`;

const both = names => (names.endsWith('+s') ? [names.slice(0, -2), names.replace('+', '')] : [...names.split('/'), names].slice(0, 2));
const parse = (table, entry) => new Map(table.trim().split('\n').map(line => [line.slice(0, 3), entry(line.slice(4))]));
const currencies = parse(TABLE, line => {
  const [digits, symbol, narrow] = line.split(' ', 3);
  return { digits: Number(digits), symbol, narrow, names: both(line.slice(`${digits} ${symbol} ${narrow} `.length)) };
});
const british = parse(BRITISH, both);

/** { digits, symbol, narrow, names: [of one, of others] }; of a code that is none of these, what it itself says. */
function currencyOf(code, locale) {
  const { digits = 2, symbol = '-', narrow = '-', names = [code, code] } = currencies.get(code) ?? {};
  const known = { digits, symbol: symbol === '-' ? code : symbol, narrow: narrow === '-' ? code : narrow, names };
  if (locale !== 'en-GB') return known;
  return { ...known, symbol: { USD: 'US$', JPY: 'JP¥' }[code] ?? known.symbol, names: british.get(code) ?? names };
}

module.exports = { currencyOf, codes: () => [...currencies.keys()] };
