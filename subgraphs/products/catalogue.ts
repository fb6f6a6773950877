/** A row of the brands table. */
export interface BrandRecord {
  readonly id: string;
  readonly name: string;
  readonly country: string;
}

/** A row of the products table. */
export interface ProductRecord {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: CategoryName;
  readonly priceInCents: number;
  readonly weightGrams: number;
  readonly brandId: string;
  /** Sold in the last year; decides what is a best seller. */
  readonly sold: number;
  readonly hasVideo: boolean;
}

export type CategoryName = 'AUDIO' | 'BOOKS' | 'COFFEE' | 'CYCLING' | 'HOME' | 'OUTDOOR';

export const brands: readonly BrandRecord[] = [
  { id: 'b1', name: 'Nordlyd', country: 'NO' },
  { id: 'b2', name: 'Papier & Fils', country: 'FR' },
  { id: 'b3', name: 'Caffe Aurora', country: 'IT' },
  { id: 'b4', name: 'Veldrijder', country: 'NL' },
  { id: 'b5', name: 'Hausmeister', country: 'DE' },
  { id: 'b6', name: 'Fjellheim', country: 'NO' },
  { id: 'b7', name: 'Klangwerk', country: 'AT' },
  { id: 'b8', name: 'Serra', country: 'PT' },
];

type Row = readonly [name: string, brandId: string, euros: number, grams: number, sold: number, description: string];

const rows: Readonly<Record<CategoryName, readonly Row[]>> = {
  AUDIO: [
    ['Open-back headphones', 'b7', 189, 310, 812, 'Wide stage, velvet pads, a cable that comes off.'],
    ['Closed headphones', 'b7', 149, 290, 640, 'For the train and the shared office.'],
    ['Kitchen radio', 'b1', 79, 950, 1204, 'One knob for the station, one for the volume, no screen.'],
    ['Bookshelf speakers', 'b1', 349, 9800, 233, 'A pair, in oak, for rooms up to thirty square metres.'],
    ['Turntable', 'b7', 420, 6200, 158, 'Belt drive, two speeds, a cartridge that can be replaced.'],
    ['Wireless earbuds', 'b1', 99, 48, 1893, 'Six hours, and a case that fits a coin pocket.'],
    ['Portable speaker', 'b1', 119, 680, 977, 'Floats, and plays on when it does.'],
    ['Headphone stand', 'b5', 29, 820, 344, 'A bent piece of beech.'],
    ['USB microphone', 'b7', 135, 540, 401, 'For calls that others can stand listening to.'],
    ['Headphone amplifier', 'b7', 210, 460, 121, 'Quiet where it should be.'],
  ],
  BOOKS: [
    ['The Patient Gardener', 'b2', 24, 610, 702, 'Twelve months, forty plants, no hurry.'],
    ['Bread in Four Ingredients', 'b2', 32, 890, 1530, 'Flour, water, salt and time.'],
    ['Atlas of Night Trains', 'b2', 45, 1450, 866, 'Every sleeper line of the continent, drawn by hand.'],
    ['Notebook, dotted', 'b2', 14, 280, 2411, 'Lies flat, does not bleed.'],
    ['Sketchbook A3', 'b2', 22, 760, 515, 'A hundred sheets of heavy paper.'],
    ['Repairing Bicycles', 'b4', 28, 540, 918, 'From the puncture to the bottom bracket.'],
    ['A Field Guide to Clouds', 'b6', 18, 330, 623, 'Look up. Then look it up.'],
    ['The Small Kitchen', 'b3', 27, 720, 488, 'Cooking well on two hobs.'],
    ['Letters to a Young Sailor', 'b8', 16, 260, 207, 'Thirty-one short chapters on wind and doubt.'],
    ['Chess for the Stubborn', 'b5', 21, 410, 352, 'Losing less, then winning sometimes.'],
  ],
  COFFEE: [
    ['Espresso beans, 1 kg', 'b3', 26, 1000, 3120, 'Dark, low in acid, good with milk.'],
    ['Filter beans, 500 g', 'b3', 17, 500, 2054, 'Light roast, tastes of apricot.'],
    ['Hand grinder', 'b5', 89, 640, 745, 'Steel burrs, forty clicks.'],
    ['Pour-over dripper', 'b3', 24, 390, 1107, 'Porcelain, for one or two cups.'],
    ['Gooseneck kettle', 'b5', 74, 1180, 533, 'Pours a thin and steady line.'],
    ['Moka pot', 'b3', 34, 610, 1688, 'Three cups, aluminium, loud at the end.'],
    ['Coffee scale', 'b5', 49, 420, 592, 'A tenth of a gram, and a timer.'],
    ['Travel press', 'b8', 39, 380, 421, 'Brews in the cup one drinks from.'],
    ['Paper filters, 100', 'b3', 6, 150, 4015, 'Unbleached.'],
    ['Stoneware mug', 'b8', 19, 360, 1276, 'Glazed inside, raw outside.'],
  ],
  CYCLING: [
    ['Pannier bag, 20 l', 'b4', 85, 890, 688, 'Rolls shut, stays dry.'],
    ['Dynamo front light', 'b4', 68, 120, 830, 'Seventy lux and a standlight.'],
    ['Leather saddle', 'b4', 110, 520, 377, 'Hard for a month, yours for twenty years.'],
    ['Floor pump', 'b5', 44, 1650, 1019, 'A gauge that can be read from above.'],
    ['Multitool', 'b4', 31, 165, 1403, 'Nineteen functions, one of them for cheese.'],
    ['City helmet', 'b4', 72, 340, 954, 'Vents, a visor and a light at the back.'],
    ['Chain oil', 'b4', 9, 110, 2210, 'For rain.'],
    ['Touring tyre', 'b4', 38, 780, 1187, 'Ten thousand kilometres, give or take.'],
    ['Folding lock', 'b5', 79, 1250, 702, 'Ninety centimetres of hardened steel.'],
    ['Rain cape', 'b6', 64, 410, 566, 'Covers the knees, folds into its hood.'],
  ],
  HOME: [
    ['Desk lamp', 'b5', 95, 1900, 771, 'A warm light that stays where it is put.'],
    ['Wool blanket', 'b8', 129, 1500, 609, 'Woven on a loom older than the weaver.'],
    ['Cast iron pan', 'b5', 58, 2650, 1322, 'Twenty-six centimetres, seasoned.'],
    ['Chef knife', 'b5', 112, 230, 894, 'Carbon steel; wipe it dry.'],
    ['Linen towels, set of 3', 'b8', 36, 480, 1158, 'Better after each wash.'],
    ['Wall clock', 'b5', 48, 740, 436, 'Silent second hand.'],
    ['Toolbox', 'b5', 67, 3400, 512, 'With the twelve tools that matter.'],
    ['Step stool', 'b8', 54, 2900, 298, 'Cork and ash; folds flat.'],
    ['Plant pot, large', 'b8', 42, 4100, 387, 'Terracotta, with a saucer.'],
    ['Candle, beeswax', 'b8', 13, 210, 1745, 'Twenty-four hours.'],
  ],
  OUTDOOR: [
    ['Two-person tent', 'b6', 389, 1980, 264, 'Stands in wind; packs to the size of a loaf.'],
    ['Down sleeping bag', 'b6', 279, 920, 318, 'Comfort to minus four.'],
    ['Rucksack, 45 l', 'b6', 165, 1450, 577, 'A frame, a lid and no logo.'],
    ['Spirit stove', 'b6', 46, 330, 805, 'Boils a litre in nine minutes.'],
    ['Enamel cup', 'b6', 11, 130, 2687, 'Chips with dignity.'],
    ['Head torch', 'b6', 37, 85, 1419, 'Red light for maps.'],
    ['Merino shirt', 'b6', 78, 190, 1236, 'Three days before anyone notices.'],
    ['Walking poles', 'b6', 69, 480, 641, 'Cork grips, carbide tips.'],
    ['Water filter', 'b8', 52, 95, 732, 'A thousand litres.'],
    ['Hammock', 'b8', 59, 620, 688, 'Two trees not included.'],
  ],
};

/** Numbered from `p1` in the order above. */
export const products: readonly ProductRecord[] = Object.entries(rows)
  .flatMap(([category, list]) => list.map((row) => [category as CategoryName, ...row] as const))
  .map(([category, name, brandId, euros, weightGrams, sold, description], at) => ({
    id: `p${at + 1}`,
    sku: `${category.slice(0, 3)}-${String(1001 + at)}`,
    name,
    description,
    category,
    priceInCents: euros * 100 - 1,
    weightGrams,
    brandId,
    sold,
    hasVideo: at % 4 === 0,
  }));
