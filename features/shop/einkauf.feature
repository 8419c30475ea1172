# language: de
Funktionalität: Einkaufen auf Deutsch
  Gherkin spricht über siebzig Sprachen; die Schritte bleiben dieselben.

  Szenario: Ein Päckchen Tee
    Angenommen the shop sells:
      | tea     | price |
      | Rooibos | €3.80 |
    Wenn I put 1 pack of "Rooibos" into the basket
    Dann the goods cost €3.80
