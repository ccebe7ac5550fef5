// What there is to take away, by the tools that read it. Python's are in ../data/venv.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';

import { serve } from './demo.mjs';

let demo;

before(async () => { demo = await serve(); });
after(async () => { await demo?.stop(); });

/** What stands in an address. */
const CODES = { commune: '95127', siren: '249500109', departement: '95', region: '11', indices: 'france' };

test('the OpenAPI description is valid, and the site answers as it says', async () => {
  const description = await (await fetch(demo.address + 'data/openapi.json')).json();
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(description));
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, '3.1');
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'openapi', ...description });
  for (const [path, { get }] of Object.entries(description.paths)) {
    const asked = path.replace(/\{(\w+)\}/, (_, name) => CODES[name]);
    const response = await fetch(demo.address + asked.slice(1));
    assert.equal(response.status, 200, asked);
    assert.equal(response.headers.get('access-control-allow-origin'), '*', asked);
    const [[type, { schema }]] = Object.entries(get.responses[200].content);
    if (type === 'application/json') {
      const body = await response.json();
      assert.ok(ajv.validate({ $ref: 'openapi' + schema.$ref }, body), `${asked}: ${ajv.errorsText()}`);
    }
    const [parameter] = get.parameters;
    if (parameter) {
      assert.match(CODES[parameter.name], new RegExp(parameter.schema.pattern));
      const unknown = await fetch(demo.address + path.slice(1).replace(/\{\w+\}/, '00'));
      assert.equal(unknown.status, 404);
    }
  }
});

test('tables, series, feeds and examples read as they should', { timeout: 300_000 }, async () => {
  const { stdout } = await promisify(execFile)('../data/venv/bin/python', ['../data/check.py', demo.address, demo.site]);
  console.log(stdout.trim());
});
