# language: fr
@langue
Fonctionnalité: Concombres
  Une description,
  sur deux lignes.

  Contexte:
    Étant donné que j'ai 5 concombres

  Scénario: manger
    Quand j'en mange 2
    Alors il m'en reste 3

  @plan
  Plan du scénario: manger <n>
    Quand j'en mange <n>
    Alors il m'en reste <r>
    Et que personne ne mange

    Exemples:
      | n | r |
      | 1 | 4 |
      | 2 | 2 |

  Règle: la faim
    Contexte:
      Quand j'en mange 1

    Exemple: rien
      * j'en mange 0
      Mais il m'en reste 4
