/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query FrontPage($first: Int = 3) {\n    me {\n      name\n      membership\n      nearestWarehouse {\n        name\n      }\n    }\n    topProducts(first: $first) {\n      id\n      name\n      price {\n        cents\n        currency\n      }\n      brand {\n        name\n      }\n      averageRating\n      inStock\n      shippingEstimate {\n        cents\n      }\n      reviews(first: 2, orderBy: BEST) {\n        rating\n        title\n        author {\n          username\n        }\n      }\n    }\n  }\n": typeof types.FrontPageDocument,
    "\n  query ProductPage($id: ID!) {\n    product(id: $id) {\n      name\n      description\n      media {\n        __typename\n        url\n        ... on Video {\n          durationSeconds\n        }\n      }\n      stock {\n        units\n        warehouse {\n          name\n          address {\n            city\n            country\n          }\n        }\n      }\n      contributions(first: 4) {\n        __typename\n        body\n        author {\n          name\n          membership\n        }\n        ... on Review {\n          rating\n        }\n        ... on Question {\n          answer\n        }\n      }\n    }\n  }\n": typeof types.ProductPageDocument,
    "\n  query Search($text: String!) {\n    search(text: $text, first: 10) {\n      __typename\n      ... on Product {\n        name\n        averageRating\n      }\n      ... on Brand {\n        name\n        products(first: 2) {\n          name\n          inStock\n        }\n      }\n    }\n  }\n": typeof types.SearchDocument,
    "\n  mutation AddReview($input: AddReviewInput!) {\n    addReview(input: $input) {\n      __typename\n      ... on ReviewAdded {\n        review {\n          id\n          rating\n          product {\n            name\n            averageRating\n          }\n          author {\n            name\n          }\n        }\n      }\n      ... on ReviewRejected {\n        reason\n        message\n      }\n    }\n  }\n": typeof types.AddReviewDocument,
};
const documents: Documents = {
    "\n  query FrontPage($first: Int = 3) {\n    me {\n      name\n      membership\n      nearestWarehouse {\n        name\n      }\n    }\n    topProducts(first: $first) {\n      id\n      name\n      price {\n        cents\n        currency\n      }\n      brand {\n        name\n      }\n      averageRating\n      inStock\n      shippingEstimate {\n        cents\n      }\n      reviews(first: 2, orderBy: BEST) {\n        rating\n        title\n        author {\n          username\n        }\n      }\n    }\n  }\n": types.FrontPageDocument,
    "\n  query ProductPage($id: ID!) {\n    product(id: $id) {\n      name\n      description\n      media {\n        __typename\n        url\n        ... on Video {\n          durationSeconds\n        }\n      }\n      stock {\n        units\n        warehouse {\n          name\n          address {\n            city\n            country\n          }\n        }\n      }\n      contributions(first: 4) {\n        __typename\n        body\n        author {\n          name\n          membership\n        }\n        ... on Review {\n          rating\n        }\n        ... on Question {\n          answer\n        }\n      }\n    }\n  }\n": types.ProductPageDocument,
    "\n  query Search($text: String!) {\n    search(text: $text, first: 10) {\n      __typename\n      ... on Product {\n        name\n        averageRating\n      }\n      ... on Brand {\n        name\n        products(first: 2) {\n          name\n          inStock\n        }\n      }\n    }\n  }\n": types.SearchDocument,
    "\n  mutation AddReview($input: AddReviewInput!) {\n    addReview(input: $input) {\n      __typename\n      ... on ReviewAdded {\n        review {\n          id\n          rating\n          product {\n            name\n            averageRating\n          }\n          author {\n            name\n          }\n        }\n      }\n      ... on ReviewRejected {\n        reason\n        message\n      }\n    }\n  }\n": types.AddReviewDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FrontPage($first: Int = 3) {\n    me {\n      name\n      membership\n      nearestWarehouse {\n        name\n      }\n    }\n    topProducts(first: $first) {\n      id\n      name\n      price {\n        cents\n        currency\n      }\n      brand {\n        name\n      }\n      averageRating\n      inStock\n      shippingEstimate {\n        cents\n      }\n      reviews(first: 2, orderBy: BEST) {\n        rating\n        title\n        author {\n          username\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').FrontPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProductPage($id: ID!) {\n    product(id: $id) {\n      name\n      description\n      media {\n        __typename\n        url\n        ... on Video {\n          durationSeconds\n        }\n      }\n      stock {\n        units\n        warehouse {\n          name\n          address {\n            city\n            country\n          }\n        }\n      }\n      contributions(first: 4) {\n        __typename\n        body\n        author {\n          name\n          membership\n        }\n        ... on Review {\n          rating\n        }\n        ... on Question {\n          answer\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ProductPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Search($text: String!) {\n    search(text: $text, first: 10) {\n      __typename\n      ... on Product {\n        name\n        averageRating\n      }\n      ... on Brand {\n        name\n        products(first: 2) {\n          name\n          inStock\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').SearchDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddReview($input: AddReviewInput!) {\n    addReview(input: $input) {\n      __typename\n      ... on ReviewAdded {\n        review {\n          id\n          rating\n          product {\n            name\n            averageRating\n          }\n          author {\n            name\n          }\n        }\n      }\n      ... on ReviewRejected {\n        reason\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.js').AddReviewDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
