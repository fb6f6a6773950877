/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type AddReviewInput = {
  authorId: string;
  body?: string;
  productId: string;
  /** From 1 to 5. */
  rating: number;
  title: string;
};

export type Currency =
  | 'EUR';

export type Membership =
  | 'FREE'
  | 'PLUS'
  | 'PRO';

export type RejectionReason =
  | 'RATING_OUT_OF_RANGE'
  | 'TITLE_MISSING'
  | 'UNKNOWN_AUTHOR'
  | 'UNKNOWN_PRODUCT';

export type FrontPageQueryVariables = Exact<{
  first?: number | null | undefined;
}>;


export type FrontPageQuery = { me: { name: string, membership: Membership, nearestWarehouse: { name: string } }, topProducts: Array<{ id: string, name: string, averageRating: number | null, inStock: boolean, price: { cents: number, currency: Currency }, brand: { name: string }, shippingEstimate: { cents: number } | null, reviews: Array<{ rating: number, title: string, author: { username: string } }> }> };

export type ProductPageQueryVariables = Exact<{
  id: string;
}>;


export type ProductPageQuery = { product: { name: string, description: string, media: Array<
      | { __typename: 'Image', url: string }
      | { __typename: 'Video', durationSeconds: number, url: string }
    >, stock: Array<{ units: number, warehouse: { name: string, address: { city: string, country: string } } }>, contributions: Array<
      | { __typename: 'Question', answer: string | null, body: string, author: { name: string, membership: Membership } }
      | { __typename: 'Review', rating: number, body: string, author: { name: string, membership: Membership } }
    > } | null };

export type SearchQueryVariables = Exact<{
  text: string;
}>;


export type SearchQuery = { search: Array<
    | { __typename: 'Brand', name: string, products: Array<{ name: string, inStock: boolean }> }
    | { __typename: 'Product', name: string, averageRating: number | null }
  > };

export type AddReviewMutationVariables = Exact<{
  input: AddReviewInput;
}>;


export type AddReviewMutation = { addReview:
    | { __typename: 'ReviewAdded', review: { id: string, rating: number, product: { name: string, averageRating: number | null }, author: { name: string } } }
    | { __typename: 'ReviewRejected', reason: RejectionReason, message: string }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const FrontPageDocument = new TypedDocumentString(`
    query FrontPage($first: Int = 3) {
  me {
    name
    membership
    nearestWarehouse {
      name
    }
  }
  topProducts(first: $first) {
    id
    name
    price {
      cents
      currency
    }
    brand {
      name
    }
    averageRating
    inStock
    shippingEstimate {
      cents
    }
    reviews(first: 2, orderBy: BEST) {
      rating
      title
      author {
        username
      }
    }
  }
}
    `, {"hash":"sha256:8234fa98336456e9a24d7c1b0d4564c1a348de4db0cb871f31d9d6ecb7e33baf"}) as unknown as TypedDocumentString<FrontPageQuery, FrontPageQueryVariables>;
export const ProductPageDocument = new TypedDocumentString(`
    query ProductPage($id: ID!) {
  product(id: $id) {
    name
    description
    media {
      __typename
      url
      ... on Video {
        durationSeconds
      }
    }
    stock {
      units
      warehouse {
        name
        address {
          city
          country
        }
      }
    }
    contributions(first: 4) {
      __typename
      body
      author {
        name
        membership
      }
      ... on Review {
        rating
      }
      ... on Question {
        answer
      }
    }
  }
}
    `, {"hash":"sha256:e7969123817c2241a87aef446b326d676dac401ff1d5204ddc5e0264bda5a7fb"}) as unknown as TypedDocumentString<ProductPageQuery, ProductPageQueryVariables>;
export const SearchDocument = new TypedDocumentString(`
    query Search($text: String!) {
  search(text: $text, first: 10) {
    __typename
    ... on Product {
      name
      averageRating
    }
    ... on Brand {
      name
      products(first: 2) {
        name
        inStock
      }
    }
  }
}
    `, {"hash":"sha256:b727a59728119942389f9ae624da87c5daf4016cccd22078bea83f0269a549ac"}) as unknown as TypedDocumentString<SearchQuery, SearchQueryVariables>;
export const AddReviewDocument = new TypedDocumentString(`
    mutation AddReview($input: AddReviewInput!) {
  addReview(input: $input) {
    __typename
    ... on ReviewAdded {
      review {
        id
        rating
        product {
          name
          averageRating
        }
        author {
          name
        }
      }
    }
    ... on ReviewRejected {
      reason
      message
    }
  }
}
    `, {"hash":"sha256:2f3a431a9d67ef2d557adae02a1230165da8757066e15c4ff8a4d1c2de5af3c1"}) as unknown as TypedDocumentString<AddReviewMutation, AddReviewMutationVariables>;