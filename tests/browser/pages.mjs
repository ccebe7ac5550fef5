// The pages of the demonstration that stand for each kind of page there is.

/** A page of each kind, by what it is. */
export const KINDS = {
  'the home page': '',
  'the country': 'france/',
  'a région': 'region/11/',
  'a région not covered': 'region/44/',
  'a département': 'departement/95/',
  'a département not covered': 'departement/67/',
  'an EPCI': 'epci/249500109/',
  'an EPCI not covered': 'epci/200013050/',
  'a large commune': 'ville/95127/',
  'a small commune': 'ville/95101/',
  'a commune with nothing but an estimate': 'ville/95611/',
  'a commune without a price': 'ville/95141/',
  'a commune not covered': 'ville/67482/',
  'a city of arrondissements': 'ville/69123/',
  'an arrondissement': 'ville/69381/',
  'the method': 'methodologie/',
  'the search': 'communes/',
  'a list of communes': 'communes/ce/',
  'a card for other sites': 'embed/?c=95127',
  'places side by side': 'comparer/?c=95127,95500,d95',
  'the data': 'data/',
  'no page': 'ville/00000/',
};
