// How English writes units: long, short and narrow, of one and of more (+s: with an s). From the Unicode CLDR by way of Node.

const TABLE = `
acre|# acre+s|# ac|#ac
bit|# bit+s|# bit|#bit
byte|# byte+s|# byte|#B
celsius|# degree Celsius/# degrees Celsius|#°C|#°C
centimeter|# centimeter+s|# cm|#cm
day|# day+s|# day+s|#d
degree|# degree+s|# deg|#°
fahrenheit|# degree Fahrenheit/# degrees Fahrenheit|#°F|#°
fluid-ounce|# fluid ounce+s|# fl oz|#fl oz
foot|# foot/# feet|# ft|#′
gallon|# gallon+s|# gal|#gal
gigabit|# gigabit+s|# Gb|#Gb
gigabyte|# gigabyte+s|# GB|#GB
gram|# gram+s|# g|#g
hectare|# hectare+s|# ha|#ha
hour|# hour+s|# hr|#h
inch|# inch/# inches|# in|#″
kilobit|# kilobit+s|# kb|#kb
kilobyte|# kilobyte+s|# kB|#kB
kilogram|# kilogram+s|# kg|#kg
kilometer|# kilometer+s|# km|#km
liter|# liter+s|# L|#L
megabit|# megabit+s|# Mb|#Mb
megabyte|# megabyte+s|# MB|#MB
meter|# meter+s|# m|#m
microsecond|# microsecond+s|# μs|#μs
mile|# mile+s|# mi|#mi
mile-scandinavian|# mile-scandinavian/# miles-scandinavian|# smi|#smi
milliliter|# milliliter+s|# mL|#mL
millimeter|# millimeter+s|# mm|#mm
millisecond|# millisecond+s|# ms|#ms
minute|# minute+s|# min|#m
month|# month+s|# mth+s|#m
nanosecond|# nanosecond+s|# ns|#ns
ounce|# ounce+s|# oz|#oz
percent|# percent|#%|#%
petabyte|# petabyte+s|# PB|#PB
pound|# pound+s|# lb|##
second|# second+s|# sec|#s
stone|# stone+s|# st|#st
terabit|# terabit+s|# Tb|#Tb
terabyte|# terabyte+s|# TB|#TB
week|# week+s|# wk+s|#w
yard|# yard+s|# yd|#yd
year|# year+s|# yr+s|#y
mile-per-hour|# mile per hour/# miles per hour|# mph|#mph
mile-per-gallon|# mile per gallon/# miles per gallon|# mpg|#mpg`;
const BRITISH = `
centimeter|# centimetre+s|# cm|#cm
fahrenheit|# degree Fahrenheit/# degrees Fahrenheit|#°F|#°F
fluid-ounce|# US fluid ounce+s|# US fl oz|#US fl oz
gallon|# US gallon+s|# US gal|#USgal
hour|# hour+s|# hr+s|#h
kilometer|# kilometre+s|# km|#km
liter|# litre+s|# l|#l
meter|# metre+s|# m|#m
mile-scandinavian|# Scandinavian mile+s|# smi|#smi
milliliter|# millilitre+s|# ml|#ml
millimeter|# millimetre+s|# mm|#mm
minute|# minute+s|# min+s|#m
percent|# per cent|#%|#%
pound|# pound+s|# lb|#lb
second|# second+s|# sec+s|#s
stone|# stone|# st|#st
mile-per-gallon|# mile per US gallon/# miles per US gallon|# mpg US|#mpgUS`;

const both = text => (text.endsWith('+s') ? [text.slice(0, -2), text.replace('+', '')] : [...text.split('/#'), text].slice(0, 2).map((part, at) => (at === 1 && !part.includes('#') ? `#${part}` : part)));
const parse = table => new Map(table.trim().split('\n').map(line => {
  const [unit, ...forms] = line.split('|');
  return [unit, forms.map(both)];
}));
const units = parse(TABLE);
const british = parse(BRITISH);
const WIDTHS = ['long', 'short', 'narrow'];

/** [of one, of more] with # for the number; `undefined` for what is no unit. */
function unitPattern(unit, width, locale) {
  const forms = (locale === 'en-GB' && british.get(unit)) || units.get(unit);
  if (forms !== undefined) return forms[WIDTHS.indexOf(width)];
  const [amount, each, ...more] = unit.split('-per-');
  if (each === undefined || more.length > 0) return undefined;
  const [of, per] = [unitPattern(amount, width, locale), unitPattern(each, width, locale)];
  if (of === undefined || per === undefined) return undefined;
  const name = per[0].replace(/# ?/, '');
  return of.map(pattern => (width === 'long' ? `${pattern} per ${name}` : `${pattern}/${SHORT_EACH[each] ?? name}`));
}
const SHORT_EACH = { second: 's', hour: 'h', minute: 'min', day: 'd', week: 'w', month: 'm', year: 'y', foot: 'ft', inch: 'in', liter: 'l' };

module.exports = { unitPattern, names: () => [...units.keys()].filter(name => !name.includes('-per-')) };
