/** A user, with what `@requires` brings along. */
export interface UserReference {
  readonly id: string;
  readonly address?: { readonly country: string };
}

/** A product, with what `@requires` brings along. */
export interface ProductReference {
  readonly id: string;
  readonly price?: { readonly cents: number; readonly currency: 'EUR' };
  readonly weightGrams?: number;
}
