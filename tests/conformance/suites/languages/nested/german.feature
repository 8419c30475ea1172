Funktionalität: Gurken

  Szenario: essen
    Angenommen ich habe 2.0 Gurken
    Wenn esse ich zwei

  Szenario: wenig
    Gegeben sei ich habe 1.0 Gurken
    Wenn esse ich zwei
    Dann gibt es nichts
