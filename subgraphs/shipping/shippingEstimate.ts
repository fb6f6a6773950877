export type ShippingSpeed = 'STANDARD' | 'EXPRESS';

const FREE_FROM_CENTS = 10_000;
const BASE_CENTS = 390;
const CENTS_PER_STARTED_KILOGRAM = 120;

/** What sending one unit costs, in cents. Standard delivery is free from 100 euros; express doubles the price. */
export function shippingEstimate(priceInCents: number, weightGrams: number, speed: ShippingSpeed): number {
  const standard = BASE_CENTS + CENTS_PER_STARTED_KILOGRAM * Math.ceil(weightGrams / 1000);
  if (speed === 'EXPRESS') return standard * 2;
  return priceInCents >= FREE_FROM_CENTS ? 0 : standard;
}
