import { graphql } from './generated/gql.js';

/** The shop's front page: four subgraphs in one answer. */
export const FrontPage = graphql(`
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
`);

/** One product with everything written about it. */
export const ProductPage = graphql(`
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
`);

/** Products and brands that match a text. */
export const Search = graphql(`
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
`);

/** Writes a review; a rejection is data, not an error. */
export const AddReview = graphql(`
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
`);
