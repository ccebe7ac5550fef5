// What search engines require of the linked data of a page, as JSON Schemas: the required properties of Google's guides to
// structured data, and of those that it recommends the ones that the pages give.
// https://developers.google.com/search/docs/appearance/structured-data/breadcrumb
// https://developers.google.com/search/docs/appearance/structured-data/dataset

import { Ajv } from 'ajv';

const text = { type: 'string', pattern: '^\\S(.*\\S)?$' };
const address = { type: 'string', pattern: '^https?://[^\\s<>"]+$' };
const month = '\\d{4}-(0[1-9]|1[0-2])';

/** Something of a type of schema.org with no property but these. */
const thing = (type, properties, required = Object.keys(properties)) => ({
  type: 'object',
  properties: { '@type': { const: type }, ...properties },
  required: ['@type', ...required],
  additionalProperties: false,
});

const SCHEMAS = {
  BreadcrumbList: thing('BreadcrumbList', {
    // An item may leave its address out only where it is the page itself, the last.
    itemListElement: {
      type: 'array',
      minItems: 2,
      items: thing(
        'ListItem',
        { position: { type: 'integer', minimum: 1 }, name: text, item: address },
        ['position', 'name'],
      ),
    },
  }),
  Dataset: thing('Dataset', {
    name: text,
    description: { ...text, minLength: 50, maxLength: 5000 },
    url: address,
    license: address,
    temporalCoverage: { type: 'string', pattern: `^${month}/${month}$` },
    spatialCoverage: thing('Place', { name: text }),
    distribution: {
      type: 'array',
      minItems: 1,
      items: thing('DataDownload', {
        encodingFormat: { enum: ['application/json', 'text/csv'] },
        contentUrl: address,
      }),
    },
  }),
};

const ajv = new Ajv({ allErrors: true });
const validators = Object.fromEntries(
  Object.entries(SCHEMAS).map(([type, schema]) => [type, ajv.compile(schema)]),
);

/** What is wrong with one object of linked data, as sentences; none where it is right. */
export function faults(data) {
  const validate = validators[data['@type']];
  if (!validate) return [`nothing is known of the type ${data['@type']}`];
  validate(data);
  const found = (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${data['@type']}${instancePath} ${message} ${JSON.stringify(params)}`);
  for (const [index, { position, item }] of (data.itemListElement ?? []).entries()) {
    if (position !== index + 1) found.push(`item ${index + 1} of the list has the position ${position}`);
    if (!item && index + 1 < data.itemListElement.length) found.push(`item ${index + 1} has no address`);
  }
  return found;
}
