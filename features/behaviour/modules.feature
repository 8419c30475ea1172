Feature: Step libraries are modules of any kind
  TypeScript, ES modules, CommonJS, JSON and npm packages work without configuration.

  Background:
    Given a feature:
      """
      Feature: F
        Scenario: it
          When it happens
      """

  Scenario Outline: Steps in <kind>
    Given a file "steps/prices.json" with:
      """
      { "tea": 350 }
      """
    And a file "steps/<file>" with:
      """
      <import cucumber>
      <import prices>

      When('it happens', () => console.log('tea costs', <price>));
      """
    When I run quickcuke
    Then it passes
    And it prints:
      """
      tea costs 350
      """

    Examples:
      | kind                  | file  | import cucumber                                  | import prices                                                 | price                |
      | TypeScript            | a.ts  | import { When } from '@cucumber/cucumber';       | import prices from './prices.json';                           | prices.tea as number |
      | an ES module          | a.mjs | import { When } from '@cucumber/cucumber';       | import prices from './prices.json' with { type: 'json' };     | prices.tea           |
      | CommonJS              | a.cjs | const { When } = require('@cucumber/cucumber');  | const prices = require('./prices');                           | prices.tea           |
      | TypeScript's CommonJS | a.cts | import cucumber = require('@cucumber/cucumber'); | const { When } = cucumber, prices = require('./prices.json'); | prices.tea as number |
      | a script with globals | a.js  |                                                  | const prices = require('./prices.json');                      | prices.tea           |

  Scenario: An npm package
    Given a file "node_modules/teapot/package.json" with:
      """
      { "name": "teapot", "exports": { "import": "./esm/index.mjs", "require": "./cjs/index.cjs" } }
      """
    And a file "node_modules/teapot/esm/index.mjs" with:
      """
      export const pour = () => 'short and stout';
      """
    And steps:
      """
      import { When } from '@cucumber/cucumber';
      import { pour } from 'teapot';

      When('it happens', () => console.log(pour()));
      """
    When I run quickcuke
    Then it prints:
      """
      short and stout
      """

  Scenario: The paths of a tsconfig.json
    Given a file "tsconfig.json" with:
      """
      { "compilerOptions": { "paths": { "@pages/*": ["./src/pages/*"] } } }
      """
    And a file "src/pages/login.ts" with:
      """
      export class LoginPage {
        constructor(private readonly base: string) {}
        get url(): string { return `${this.base}/login`; }
      }
      """
    And steps:
      """
      import { When } from '@cucumber/cucumber';
      import { LoginPage } from '@pages/login';

      When('it happens', () => console.log(new LoginPage('http://here').url));
      """
    When I run quickcuke
    Then it prints:
      """
      http://here/login
      """

  Scenario: An alias leads a library for another host here
    Given a file "quickcuke.toml" with:
      """
      [alias]
      "@some/runner" = "quickcuke"
      """
    And steps:
      """
      import { defineTool, When } from '@some/runner';

      defineTool({ name: 'for another host', run: () => {} });
      When('it happens', () => console.log('the host is', ferridriver.host));
      """
    When I run quickcuke
    Then it prints:
      """
      the host is bdd
      """
